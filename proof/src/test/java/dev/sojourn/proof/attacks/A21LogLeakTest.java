package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieLifetime;
import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionWatch;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.UserSession;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.proof.site.Heard;
import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.FirstFailure;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.spi.TokenTransport.Terms;
import dev.sojourn.spi.TypedAttributes;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.testing.TestExchange;
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
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class A21LogLeakTest {
    private static final String VALUE = "VeryPrivateValueOfAnAttribute";
    private static final String ESCAPES = "\u001B[2m" + VALUE + "\r\nSEVERE: forged line";

    /** What the whole life and each failure left in tokens, and everything that was said about it. */
    private static final class Life {
        private final List<String> secrets = new ArrayList<>(List.of(VALUE, Site.SECRET, Site.OTHER_SECRET));
        private final List<String> said = new ArrayList<>();

        void remember(Reply reply) {
            if (!reply.cookies().isEmpty() && !reply.token().isEmpty()) {
                secrets.add(Forgery.id(reply.token()));
                secrets.add(Forgery.tag(reply.token()));
            }
        }

        void hear(Site site) {
            for (Heard.Event event : site.heard().all()) {
                said.add(event.toString());
                for (Object detail : event.details()) {
                    if (detail instanceof Throwable problem) {
                        said.add(traceOf(problem));
                    }
                }
            }
        }
    }

    private static String traceOf(Throwable problem) {
        StringWriter trace = new StringWriter();
        problem.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    private static void pages(Site site, Life life) {
        site.page("/value", (session, exchange) -> {
            session.set("a", VALUE);
            return "ok";
        });
        site.page("/other-value", (session, exchange) -> {
            session.set("a", VALUE + session.get("a", String.class));
            return "ok";
        });
        site.page("/huge", (session, exchange) -> {
            session.set("a", VALUE.repeat(5_000));
            return "ok";
        });
        site.page("/as-number", (session, exchange) -> String.valueOf(session.get("a", Integer.class)));
        site.page("/unwritable", (session, exchange) -> {
            session.set("a", new Unwritable());
            return "ok";
        });
        site.page("/broken", (session, exchange) -> {
            session.set("a", VALUE);
            throw new IllegalStateException("the application's own message");
        });
        site.page("/texts", (session, exchange) -> {
            life.said.add(session.toString());
            life.said.add(session.cookie().toString());
            life.said.add(session.publicId());
            return "ok";
        });
        site.page("/late", (session, exchange) -> {
            session.get("a", String.class);
            exchange.sendResponseHeaders(200, 0);
            session.set("a", VALUE + VALUE);
            exchange.close();
            return null;
        });
    }

    /** What a mapper's message would quote. */
    public static final class Unwritable {
        private final List<String> lines = List.of(VALUE);

        /** Fails. */
        public String getValue() {
            return lines.get(Integer.parseInt(VALUE));
        }
    }

    private static void wholeLife(Site site, Life life) {
        String first = site.get("/value").token();
        life.remember(site.as(first, "/texts"));
        String alice = site.as(first, "/login?alice").token();
        String changed = site.as(alice, "/change-id").token();
        site.clock().advance(Duration.ofMinutes(3));
        site.as(changed, "/read");
        site.as(first, "/value");
        site.as(changed, "/late");
        String fresh = site.as(changed, "/regenerate").token();
        site.as(fresh, "/value");
        site.as(fresh, "/logout");
        site.as(fresh, "/read");
        for (String token : List.of(first, alice, changed, fresh)) {
            life.secrets.add(Forgery.id(token));
            life.secrets.add(Forgery.tag(token));
        }
        String expired = site.get("/value").token();
        life.secrets.add(Forgery.id(expired));
        site.clock().advance(Duration.ofHours(1));
        site.as(expired, "/read");
    }

    private static void failures(Site site, Life life) {
        String token = site.get("/value").token();
        life.secrets.add(Forgery.id(token));
        life.secrets.add(Forgery.tag(token));
        for (String call : List.of("load", "create", "compareAndSet", "touch", "delete")) {
            for (RuntimeException failure : List.of(
                    StoreException.notDone("refused", new IOException("no route")),
                    new IllegalStateException("broken driver"))) {
                site.clock().advance(Duration.ofMinutes(2));
                if (call.equals("delete") && !(failure instanceof StoreException)) {
                    continue;
                }
                site.store().refuse(call, () -> failure);
                life.remember(site.as(token, "/other-value"));
                site.as(token, "/read");
                site.as(token, "/login?bob");
                site.as(token, "/logout");
                site.get("/value");
                site.store().mend();
                life.hear(site);
                token = site.get("/value").token();
                life.secrets.add(Forgery.id(token));
            }
        }
        site.as(token, "/huge");
        site.as(token, "/unwritable");
        site.as(token, "/broken");
        site.as(token, "/as-number");
        site.ask("GET", "/value", "app.example.com");
        String forged = Forgery.wellFormed(new Random(21));
        life.secrets.add(Forgery.id(forged));
        site.as(forged, "/read");
        site.get("/read", "Cookie: __Host-id=" + VALUE + "\u001B[2m; __Host-id=" + forged);
        site.as(VALUE + "\u001B[2mSEVERE", "/read");
        life.hear(site);
    }

    @Test
    void a_whole_life_and_every_failure_say_nothing_of_ids_tokens_secrets_and_values() {
        Life life = new Life();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        PrintStream caught = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(caught);
        System.setErr(caught);
        try (Logged logged = new Logged();
                Site site = new Site()) {
            pages(site, life);
            wholeLife(site, life);
            life.hear(site);
            failures(site, life);
            for (LogRecord record : logged.records()) {
                life.said.add(record.getMessage());
                life.said.add(record.getThrown() == null ? "" : traceOf(record.getThrown()));
            }
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        life.said.add(printed.toString(StandardCharsets.UTF_8));
        assertThat(life.secrets).hasSizeGreaterThan(20);
        assertThat(life.said)
                .hasSizeGreaterThan(40)
                .anyMatch(text -> text.contains("the session would have") || text.contains("alone has"));
        for (String text : life.said) {
            assertThat(text).doesNotContain(life.secrets).doesNotContain("\u001B");
        }
    }

    @Test
    void answers_in_place_of_the_handlers_say_nothing_either() {
        try (Site site = new Site()) {
            Life life = new Life();
            pages(site, life);
            String token = site.get("/value").token();
            for (String path : List.of("/huge", "/unwritable", "/broken")) {
                Reply reply = site.as(token, path);
                assertThat(reply.status()).isEqualTo(500);
                assertThat(reply.body()).doesNotContain(VALUE, Forgery.id(token), "sojourn", "Exception", "\tat ");
            }
            site.store().refuse("load", () -> new IllegalStateException(ESCAPES));
            assertThat(site.as(token, "/read").body()).doesNotContain(VALUE, "\u001B");
        }
    }

    // ---- texts of all public types

    private static List<Object> oneOfEach() {
        List<Object> all = new ArrayList<>();
        MemoryStore store = new MemoryStore();
        TokenTransport transport = Transports.cookie(k -> {
            all.add(k.name("__Host-id"));
        });
        Sessions sessions = Sessions.create(c -> {
            all.add(c.secret(Site.SECRET, Site.OTHER_SECRET).store(store).transport(transport));
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
                new UserIndex.Entry(StoreKey.of(VALUE), Instant.EPOCH),
                new UserSession(session.publicId(), Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, true),
                sessions.health(),
                session.toDetached(),
                ErrorResponse.of(new IllegalStateException(VALUE), System.getLogger("dev.sojourn.quiet")),
                StoreKey.of(VALUE),
                SessionSettings.AS_CONFIGURED,
                new VerifiedId(VALUE, false),
                new TypedAttributes.TypedValue(json, null),
                new TokenTransport.RequestTokens(List.of(VALUE), false),
                new Terms(null, null),
                Key.of("a", String.class),
                CookieLifetime.session(),
                new SessionInfo(session.publicId(), null, Instant.EPOCH, Instant.EPOCH),
                new dev.sojourn.SessionListener.UnreadableData("handle", java.util.Optional.of("a"), "int", "a text")));
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
    void the_text_of_an_object_of_each_public_type_shows_no_secret() {
        for (Object each : oneOfEach()) {
            assertThat(String.valueOf(each))
                    .as(each.getClass().getName())
                    .doesNotContain(VALUE, Site.SECRET, Site.OTHER_SECRET);
        }
    }

    @Test
    void no_public_type_with_state_was_left_out() throws Exception {
        List<Object> all = oneOfEach();
        for (Class<?> type : publicTypes()) {
            boolean stateless = type.isInterface()
                    || type.isEnum()
                    || Throwable.class.isAssignableFrom(type)
                    || Stream.of(type.getDeclaredFields()).allMatch(field -> Modifier.isStatic(field.getModifiers()));
            assertThat(stateless || all.stream().anyMatch(type::isInstance))
                    .as("%s stands in oneOfEach()", type)
                    .isTrue();
        }
    }

    /** The public types of the packages that applications and authors of stores see. */
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
