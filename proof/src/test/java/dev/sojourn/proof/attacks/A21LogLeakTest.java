package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieLifetime;
import dev.sojourn.Device;
import dev.sojourn.EndpointResponse;
import dev.sojourn.IssuedTokens;
import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSessions;
import dev.sojourn.Session;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener;
import dev.sojourn.SessionWatch;
import dev.sojourn.Sessions;
import dev.sojourn.SignIn;
import dev.sojourn.SourceByRequest;
import dev.sojourn.TokenSessions;
import dev.sojourn.TokenViews;
import dev.sojourn.Transports;
import dev.sojourn.UserSession;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.RecordingListener;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.FirstFailure;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SealFormat;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SignInFacts;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.spi.TokenTransport.Terms;
import dev.sojourn.spi.TypedAttributes;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.testing.TestExchange;
import dev.sojourn.testing.TestSessions;
import dev.sojourn.testing.TestTokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class A21LogLeakTest {
    private static final String VALUE = "VeryPrivateValueOfAnAttribute";
    private static final String ESCAPES = "\u001B[2m" + VALUE + "\r\nSEVERE: forged line";

    /** The secrets of a session's lifecycle and failures, and all texts written about it. */
    private static final class Evidence {
        private final List<String> secrets = new ArrayList<>(List.of(VALUE, Site.SECRET, Site.OTHER_SECRET));
        private final List<String> texts = new ArrayList<>();

        void addSecretsOf(RawResponse response) {
            if (!response.cookies().isEmpty() && !response.token().isEmpty()) {
                secrets.add(ForgedTokens.id(response.token()));
                secrets.add(ForgedTokens.tag(response.token()));
            }
        }

        void addEventsOf(Site site) {
            for (RecordingListener.Event event : site.listener().all()) {
                texts.add(event.toString());
                for (Object detail : event.details()) {
                    if (detail instanceof Throwable problem) {
                        texts.add(stackTraceOf(problem));
                    }
                }
            }
        }
    }

    private static String stackTraceOf(Throwable problem) {
        StringWriter trace = new StringWriter();
        problem.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    private static void addPages(Site site, Evidence evidence) {
        site.addPage("/value", (session, exchange) -> {
            session.set("a", VALUE);
            return "ok";
        });
        site.addPage("/other-value", (session, exchange) -> {
            session.set("a", VALUE + session.get("a", String.class));
            return "ok";
        });
        site.addPage("/huge", (session, exchange) -> {
            session.set("a", VALUE.repeat(5_000));
            return "ok";
        });
        site.addPage("/as-number", (session, exchange) -> String.valueOf(session.get("a", Integer.class)));
        site.addPage("/unwritable", (session, exchange) -> {
            session.set("a", new Unwritable());
            return "ok";
        });
        site.addPage("/broken", (session, exchange) -> {
            session.set("a", VALUE);
            throw new IllegalStateException("the application's message");
        });
        site.addPage("/texts", (session, exchange) -> {
            evidence.texts.add(session.toString());
            evidence.texts.add(session.cookie().toString());
            evidence.texts.add(session.publicId());
            return "ok";
        });
        site.addPage("/csrf", (session, exchange) -> {
            String token = session.csrfToken();
            evidence.secrets.add(token);
            return token;
        });
        site.addPage("/elevate", (session, exchange) -> {
            session.elevate("payments", Duration.ofMinutes(1));
            return "ok";
        });
        site.addPage("/act-as", (session, exchange) -> {
            session.actAs("bob", "alice", Duration.ofMinutes(1));
            session.set("a", VALUE);
            return "ok";
        });
        site.addPage("/late", (session, exchange) -> {
            session.get("a", String.class);
            exchange.sendResponseHeaders(200, 0);
            session.set("a", VALUE + VALUE);
            exchange.close();
            return null;
        });
    }

    /** A type whose mapping exception would quote the value. */
    public static final class Unwritable {
        private final List<String> lines = List.of(VALUE);

        /** Throws an exception that contains the value. */
        public String getValue() {
            return lines.get(Integer.parseInt(VALUE));
        }
    }

    private static void runLifecycle(Site site, Evidence evidence) {
        String first = site.get("/value").token();
        evidence.addSecretsOf(site.getAs(first, "/texts"));
        String alice = site.getAs(first, "/login?alice").token();
        String changed = site.getAs(alice, "/change-id").token();
        site.clock().advance(Duration.ofMinutes(3));
        site.getAs(changed, "/read");
        site.getAs(changed, "/elevate");
        String acting = site.getAs(
                        site.getAs(site.get("/value").token(), "/login?alice").token(), "/act-as")
                .token();
        site.getAs(acting, "/texts");
        site.getAs(first, "/value");
        site.getAs(changed, "/late");
        site.request(
                "POST",
                "/value",
                "localhost:" + site.port(),
                Site.cookie(changed),
                "Origin: https://evil.example",
                "Referer: https://evil.example/" + changed,
                "X-CSRF-Token: " + site.getAs(changed, "/csrf").body());
        String fresh = site.getAs(changed, "/regenerate").token();
        site.getAs(fresh, "/value");
        site.getAs(fresh, "/logout");
        site.getAs(fresh, "/read");
        for (String token : List.of(first, alice, changed, acting, fresh)) {
            evidence.secrets.add(ForgedTokens.id(token));
            evidence.secrets.add(ForgedTokens.tag(token));
        }
        String expired = site.get("/value").token();
        evidence.secrets.add(ForgedTokens.id(expired));
        site.clock().advance(Duration.ofHours(1));
        site.getAs(expired, "/read");
    }

    private static void runFailures(Site site, Evidence evidence) {
        String token = site.get("/value").token();
        evidence.secrets.add(ForgedTokens.id(token));
        evidence.secrets.add(ForgedTokens.tag(token));
        for (String call : List.of("load", "create", "compareAndSet", "touch", "delete")) {
            for (RuntimeException failure : List.of(
                    StoreException.notDone("refused", new IOException("no route")),
                    new IllegalStateException("broken driver"))) {
                site.clock().advance(Duration.ofMinutes(2));
                if (call.equals("delete") && !(failure instanceof StoreException)) {
                    continue;
                }
                site.store().failBefore(call, () -> failure);
                evidence.addSecretsOf(site.getAs(token, "/other-value"));
                site.getAs(token, "/read");
                site.getAs(token, "/login?bob");
                site.getAs(token, "/logout");
                site.get("/value");
                site.store().clearFailures();
                evidence.addEventsOf(site);
                token = site.get("/value").token();
                evidence.secrets.add(ForgedTokens.id(token));
            }
        }
        site.getAs(token, "/huge");
        site.getAs(token, "/unwritable");
        site.getAs(token, "/broken");
        site.getAs(token, "/as-number");
        site.request("GET", "/value", "app.example.com");
        String forged = ForgedTokens.wellFormed(new Random(21));
        evidence.secrets.add(ForgedTokens.id(forged));
        site.getAs(forged, "/read");
        site.get("/read", "Cookie: __Host-id=" + VALUE + "\u001B[2m; __Host-id=" + forged);
        site.getAs(VALUE + "\u001B[2mSEVERE", "/read");
        evidence.addEventsOf(site);
    }

    @Test
    void no_log_event_or_output_contains_ids_tokens_secrets_or_values() {
        Evidence evidence = new Evidence();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        PrintStream caught = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(caught);
        System.setErr(caught);
        try (LogCapture logged = new LogCapture();
                Site site = Site.onTwoNodes()) {
            addPages(site, evidence);
            runLifecycle(site, evidence);
            evidence.addEventsOf(site);
            assertThat(site.listener().names()).contains("elevated", "actingAs", "superseded", "crossSiteRequest");
            runFailures(site, evidence);
            for (LogRecord record : logged.records()) {
                evidence.texts.add(record.getMessage());
                evidence.texts.add(record.getThrown() == null ? "" : stackTraceOf(record.getThrown()));
            }
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        evidence.texts.add(printed.toString(StandardCharsets.UTF_8));
        assertThat(evidence.secrets).hasSizeGreaterThan(20);
        assertThat(evidence.texts)
                .hasSizeGreaterThan(40)
                .anyMatch(text -> text.contains("the session would have") || text.contains("alone has"));
        for (String text : evidence.texts) {
            assertThat(text).doesNotContain(evidence.secrets).doesNotContain("\u001B");
        }
    }

    @Test
    void error_responses_contain_no_ids_secrets_or_values() {
        try (Site site = Site.onTwoNodes()) {
            Evidence evidence = new Evidence();
            addPages(site, evidence);
            String token = site.get("/value").token();
            for (String path : List.of("/huge", "/unwritable", "/broken")) {
                RawResponse response = site.getAs(token, path);
                assertThat(response.status()).isEqualTo(500);
                assertThat(response.body())
                        .doesNotContain(VALUE, ForgedTokens.id(token), "sojourn", "Exception", "\tat ");
            }
            site.store().failBefore("load", () -> new IllegalStateException(ESCAPES));
            assertThat(site.getAs(token, "/read").body()).doesNotContain(VALUE, "\u001B");
        }
    }

    // ---- toString of all public types

    private static List<Object> oneOfEach() {
        List<Object> all = new ArrayList<>();
        MemoryStore store = new MemoryStore();
        TokenTransport transport = Transports.cookie(k -> {
            all.add(k.name("__Host-id"));
        });
        Sessions sessions = Sessions.create(c -> {
            all.add(c.secret(Site.SECRET, Site.OTHER_SECRET).store(store).transport(transport));
            c.csrf(k -> all.add(k.reportOnly()));
            c.rememberMe(all::add);
        });
        SessionScope scope = sessions.open(new TestExchange("/"));
        Session session = scope.session();
        session.set("a", VALUE);
        session.login(VALUE.substring(0, 4));
        scope.commit();
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        try (SessionWatch watch = SessionWatch.every(Duration.ofHours(1), executor)) {
            all.add(watch);
        } finally {
            executor.shutdownNow();
        }
        all.add(new SessionListener.CrossSiteRequest(
                "127.0.0.1",
                "POST",
                "/",
                "null",
                SessionListener.CrossSiteReason.ORIGIN,
                SessionListener.CrossSiteOutcome.REFUSED));
        all.add(new EndpointResponse(200, Map.of("X", VALUE), VALUE.getBytes(StandardCharsets.UTF_8)));
        Revocations revocations = Revocations.in(new MemoryStore(), c -> all.add(c.delay(Duration.ofSeconds(1))));
        all.add(revocations);
        SealedSessions sealed = SealedSessions.create(
                c -> all.add(c.seal(Jwe.secret(Site.SECRET)).revocations(revocations)));
        SessionScope sealedScope = sealed.open(new TestExchange("/"));
        sealedScope.sealed().set("a", VALUE);
        sealedScope.commit();
        all.addAll(List.of(sealed, sealedScope, sealedScope.sealed(), sealedScope.typedAttributes()));
        TokenViews views = TokenViews.create(c -> all.add(c.trust((token, now) -> Optional.empty())));
        SessionScope viewScope = views.open(new TestExchange("/", "Authorization: Bearer " + VALUE));
        all.addAll(List.of(views, viewScope, viewScope.view(), SourceByRequest.of(views)));
        all.add(new AccessToken(
                VALUE,
                VALUE,
                VALUE,
                VALUE,
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(1),
                JsonMembers.EMPTY));
        TokenSessions tokens = TokenSessions.create(c -> {
            all.add(c.secret(Site.SECRET).access(new TestTokens()).revocations(revocations));
        });
        all.add(tokens);
        all.add(TestSessions.of(tokens).signIn("alice", filled -> filled.set("a", VALUE)));
        SessionScope tokenScope = tokens.open(new TestExchange("/"));
        tokenScope.session().set("a", VALUE);
        all.add(tokens.issue(tokenScope.session()));
        all.add(new IssuedTokens(VALUE, Duration.ofMinutes(5), VALUE));
        byte[] json = ('"' + VALUE + '"').getBytes(StandardCharsets.UTF_8);
        JsonMembers members = JsonMembers.EMPTY.with("a", json);
        StoredSession stored = new StoredSession(json, 1, Instant.EPOCH, null);
        SessionRecord record = SessionRecord.live(Instant.EPOCH, null).withAttributes(members);
        FirstFailure failure = new FirstFailure();
        failure.attempt(() -> {
            throw new IllegalStateException(VALUE);
        });
        all.addAll(List.of(
                failure,
                Deadline.after(Duration.ofSeconds(1)),
                sessions,
                scope,
                session,
                session.cookie(),
                store,
                MemoryStore.builder(),
                transport,
                Transports.header("X-Session"),
                Transports.bearer(),
                new SojournFilter(sessions),
                watch(),
                new ErrorResponse(500, "Internal Server Error", Map.of()),
                stored,
                Outcome.DONE,
                Outcome.lost(stored),
                members,
                members.draft(),
                new Slice(json, 0, json.length),
                record,
                record.toRetired(StoreKey.of(VALUE)),
                new SessionRecord.Lease(VALUE, Instant.EPOCH),
                SessionRecord.Generation.first(Instant.EPOCH),
                new SignInFacts(null, List.of("pwd"), null, VALUE, VALUE, VALUE, Map.of(VALUE, Instant.EPOCH)),
                SignIn.by("pwd").provider(VALUE, VALUE),
                new Device("Firefox on Linux", VALUE),
                SessionRecord.Remember.remembered(StoreKey.of(VALUE)),
                new UserIndex.Entry(StoreKey.of(VALUE), Instant.EPOCH),
                new UserSession(
                        session.publicId(),
                        Instant.EPOCH,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        true,
                        SignIn.by("pwd"),
                        new Device("curl", null),
                        VALUE,
                        false),
                sessions.health(),
                session.toDetached(),
                ErrorResponse.of(new IllegalStateException(VALUE), System.getLogger("dev.sojourn.quiet")),
                StoreKey.of(VALUE),
                SessionSettings.AS_CONFIGURED,
                new VerifiedId(VALUE, false),
                new TypedAttributes.TypedValue(json, null),
                new TokenTransport.RequestTokens(List.of(VALUE), false),
                new Terms(null, null),
                new SealFormat.Opened.Content(json, false),
                Key.of("a", String.class),
                CookieLifetime.session(),
                new SessionInfo(session.publicId(), null, Instant.EPOCH, Instant.EPOCH),
                new dev.sojourn.SessionListener.UnreadableData(
                        "publicId", java.util.Optional.of("a"), "int", "a text")));
        return all;
    }

    private static SessionWatch watch() {
        ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
        try (SessionWatch watch = SessionWatch.every(Duration.ofHours(1), threads)) {
            return watch;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void to_string_of_every_public_type_contains_no_secret() {
        for (Object each : oneOfEach()) {
            assertThat(String.valueOf(each))
                    .as(each.getClass().getName())
                    .doesNotContain(VALUE, Site.SECRET, Site.OTHER_SECRET);
        }
    }

    @Test
    void every_public_type_with_state_is_tested() throws Exception {
        List<Object> all = oneOfEach();
        for (Class<?> type : publicTypes()) {
            boolean stateless = type.isInterface()
                    || type.isEnum()
                    || Throwable.class.isAssignableFrom(type)
                    || Stream.of(type.getDeclaredFields()).allMatch(field -> Modifier.isStatic(field.getModifiers()));
            assertThat(stateless || all.stream().anyMatch(type::isInstance))
                    .as("%s is in oneOfEach()", type)
                    .isTrue();
        }
    }

    /** Returns the public types of the packages for applications and store authors. */
    private static List<Class<?>> publicTypes() throws Exception {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> neighbour : List.of(Sessions.class, StoreKey.class, SojournFilter.class)) {
            URI where =
                    neighbour.getResource(neighbour.getSimpleName() + ".class").toURI();
            if (where.getScheme().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(where, Map.of())) {
                    collect(Path.of(where), neighbour.getPackageName(), found);
                    assertThat(jar.isOpen()).isTrue();
                }
            } else {
                collect(Path.of(where), neighbour.getPackageName(), found);
            }
        }
        assertThat(found).hasSizeGreaterThan(40);
        return found;
    }

    private static void collect(Path member, String packageName, List<Class<?>> found) throws Exception {
        List<Path> files;
        try (Stream<Path> list = Files.list(member.resolveSibling("."))) {
            files = list.toList();
        }
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".class") && !name.contains("-info")) {
                Class<?> type = Class.forName(packageName + "." + name.substring(0, name.length() - 6));
                boolean visible = Modifier.isPublic(type.getModifiers()) && !type.isAnonymousClass();
                if (visible) {
                    found.add(type);
                }
            }
        }
    }
}
