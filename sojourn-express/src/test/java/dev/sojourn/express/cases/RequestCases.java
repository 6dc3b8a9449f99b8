package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.BEHIND_A_PROXY;
import static dev.sojourn.express.cases.Site.EMPTY_RESPONSE;
import static dev.sojourn.express.cases.Site.EXPRESS_DEFAULTS;
import static dev.sojourn.express.cases.Site.MINUTE;
import static dev.sojourn.express.cases.Site.PLAIN;
import static dev.sojourn.express.cases.Site.SECURE;
import static dev.sojourn.express.cases.Site.SOJOURN_DEFAULTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressOptions;
import dev.sojourn.spi.SessionStore;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Cases about requests: the cookie, the path, the scheme, and the response. */
final class RequestCases {
    private RequestCases() {}

    static void addTo(Cases cases) {
        addFirstRequests(cases);
        addResponses(cases);
        addTokens(cases);
        addPaths(cases);
        addSchemes(cases);
        addSecrets(cases);
    }

    /** Returns a page that numbers each new session and shows the number. */
    static Site.Page numbering(AtomicInteger counter) {
        return session -> {
            if (!session.has("num")) {
                session.set("num", counter.incrementAndGet());
            }
            return "session " + session.get("num", Integer.class);
        };
    }

    private static String mark(Session session, String known) {
        String body = session.has("active") ? known : "session created";
        session.set("active", true);
        return body;
    }

    private static void addFirstRequests(Cases cases) {
        cases.add(
                "S001",
                () -> assertThat(List.of(Session.class, SessionStore.class, MemoryStore.class))
                        .allMatch(RequestCases::isExported));
        cases.add("S005", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response response = site.get(session -> {
                    session.set("active", true);
                    return "session active";
                });
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("session active");
                assertThat(response.line("connect.sid")).isPresent();
                assertThat(site.store.size()).isEqualTo(1);
            }
        });
        cases.add("S006", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Site.Page page = numbering(new AtomicInteger());
                Response first = site.get(page);
                assertThat(first.body()).isEqualTo("session 1");
                assertThat(site.get(first.cookie(), page).body()).isEqualTo("session 1");
            }
        });
        cases.add("S008", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                site.store.findNothing();
                Site.Page page = numbering(new AtomicInteger());
                Response first = site.get(page);
                Response second = site.get(first.cookie(), page);
                assertThat(first.body()).isEqualTo("session 1");
                assertThat(second.status()).isEqualTo(200);
                assertThat(second.body()).isEqualTo("session 2");
            }
        });
        cases.add("S009", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response outer = site.get(session -> {
                    String body = mark(session, "session updated");
                    Response inner = site.get(other -> mark(other, "session updated"));
                    assertThat(inner.status()).isEqualTo(200);
                    assertThat(inner.body()).isEqualTo("session created");
                    return body;
                });
                assertThat(outer.status()).isEqualTo(200);
                assertThat(outer.body()).isEqualTo("session created");
                assertThat(site.store.size()).isEqualTo(2);
            }
        });
        cases.add("S010", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS).filter(0, new RewritingFilter(URI.create("")))) {
                Response response = site.get(EMPTY_RESPONSE);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.line()).isNotEmpty();
            }
        });
        cases.add("S022", () -> assertNewSessionForUnknownId());
        cases.add("S023", () -> assertNewId(assertNewSessionForUnknownId()));
        cases.add("S026", () -> assertNewSessionAfterExpiry());
        cases.add("S027", () -> assertNewId(assertNewSessionAfterExpiry()));
    }

    /** Returns whether other modules may use a type. */
    private static boolean isExported(Class<?> type) {
        URI home = URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString());
        return ModuleFinder.of(Path.of(home)).findAll().stream()
                .flatMap(module -> module.descriptor().exports().stream())
                .anyMatch(each -> !each.isQualified() && each.source().equals(type.getPackageName()));
    }

    /** Returns the first response, with a session, and the one after the session was removed. */
    private static List<Response> assertNewSessionForUnknownId() throws Exception {
        try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
            Site.Page page = numbering(new AtomicInteger());
            Response first = site.get(page);
            site.store.clear();
            Response third = site.get(first.cookie(), page);
            assertThat(third.status()).isEqualTo(200);
            assertThat(third.body()).isEqualTo("session 2");
            return List.of(first, third);
        }
    }

    private static void assertNewId(List<Response> responses) {
        assertThat(responses.get(1).id()).isNotEqualTo(responses.get(0).id());
    }

    /** Five milliseconds in Express's test are five seconds here, on a settable clock. */
    private static List<Response> assertNewSessionAfterExpiry() throws Exception {
        try (Site site = new Site(PLAIN.andThen(e -> e.maxAge(Duration.ofSeconds(5))), EXPRESS_DEFAULTS)) {
            Site.Page page = numbering(new AtomicInteger());
            Response first = site.get(page);
            site.clock.advance(Duration.ofSeconds(20));
            Response third = site.get(first.cookie(), page);
            assertThat(first.body()).isEqualTo("session 1");
            assertThat(third.body()).isEqualTo("session 2");
            assertThat(third.line("connect.sid")).isPresent();
            return List.of(first, third);
        }
    }

    private static void addResponses(Cases cases) {
        cases.add("S011", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response response = site.get((session, exchange) -> {
                    exchange.getResponseHeaders().set("Content-Type", "text/plain");
                    Site.send(exchange, 200, "Hello, world!");
                    exchange.getResponseBody().close();
                    exchange.close();
                    return null;
                });
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.all("Content-Type")).containsExactly("text/plain");
                assertThat(response.body()).isEqualTo("Hello, world!");
            }
        });
        cases.add("S012", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response response = site.get(EMPTY_RESPONSE);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEmpty();
                assertThat(response.line()).isNotEmpty();
            }
        });
        cases.add("S099", () -> {
            BlockingQueue<String> errors = new LinkedBlockingQueue<>();
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)
                    .handleWithoutSessions("/bare", exchange -> errors.add(endTwice(exchange)))) {
                Response bare = site.request("GET", "/bare", "", EMPTY_RESPONSE);
                Response ours = site.get((session, exchange) -> {
                    errors.add(endTwice(exchange));
                    return null;
                });
                String bareError = errors.poll(20, TimeUnit.SECONDS);
                assertThat(bareError).isNotEmpty().isEqualTo(errors.poll(20, TimeUnit.SECONDS));
                assertThat(ours.status()).isEqualTo(bare.status());
                assertThat(ours.body()).isEqualTo(bare.body());
                assertThat(ours.line()).isNotEmpty();
            }
        });
        cases.add("S097", () -> assertServedBehindOtherFilter(0));
        cases.add("S098", () -> assertServedBehindOtherFilter(1));
    }

    private static String endTwice(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
        try {
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write("foo".getBytes(StandardCharsets.UTF_8));
            return "";
        } catch (IOException e) {
            return String.valueOf(e);
        }
    }

    private static void assertServedBehindOtherFilter(int place) throws Exception {
        try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS).filter(place, new SealingFilter())) {
            Response response = site.get((session, exchange) -> {
                session.set("hit", true);
                Site.stream(exchange, "hello, ", "world");
                return null;
            });
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("hello, world");
            assertThat(response.calls()).containsExactly("set");
            assertThat(response.line()).isNotEmpty();
        }
    }

    private static void addTokens(Cases cases) {
        cases.add("S024", () -> {
            try (Site site = new Site(MINUTE.andThen(e -> e.name("sessid")), EXPRESS_DEFAULTS)) {
                Response first = site.get(session -> mark(session, "session read"));
                Response second = site.get(
                        "sessid=" + Response.idOf(first.cookie("sessid")), session -> mark(session, "session read"));
                assertThat(second.body()).isEqualTo("session created");
                assertThat(Response.idOf(second.cookie("sessid"))).isNotEqualTo(Response.idOf(first.cookie("sessid")));
                assertThat(second.count("get")).isZero();
            }
        });
        cases.add("S025", () -> {
            try (Site site = new Site(MINUTE.andThen(e -> e.name("sessid")), EXPRESS_DEFAULTS)) {
                Response first = site.get(session -> mark(session, "session read"));
                String cookie = first.cookie("sessid");
                String tampered = cookie.replaceFirst("...\\.", ".");
                assertThat(tampered).hasSize(cookie.length() - 3);
                Response second = site.get(tampered, session -> mark(session, "session read"));
                assertThat(second.body()).isEqualTo("session created");
                assertThat(second.line("sessid")).isPresent();
                assertThat(second.count("get")).isZero();
            }
        });
        cases.add("S061", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                String id = site.get(EMPTY_RESPONSE).id();
                assertThat(id)
                        .matches("[A-Za-z0-9_-]{43}")
                        .isNotEqualTo(site.get(EMPTY_RESPONSE).id());
            }
        });
        cases.add("S065", () -> assertCookieName(PLAIN, "connect.sid"));
        cases.add("S067", () -> assertCookieName(PLAIN, "connect.sid"));
        cases.add("S068", () -> assertCookieName(PLAIN.andThen(e -> e.name("session_id")), "session_id"));
    }

    private static void assertCookieName(Consumer<ExpressOptions> options, String name) throws Exception {
        try (Site site = new Site(options, EXPRESS_DEFAULTS)) {
            assertThat(site.get(EMPTY_RESPONSE).line(name)).isPresent();
        }
    }

    private static void addPaths(Cases cases) {
        cases.add(
                "S037",
                () -> assertThat(requestAt("/foo/bar", "/", "/").setCookies()).isEmpty());
        cases.add(
                "S038",
                () -> assertThat(requestAt("/foo/bar", "/", "/", "Host: http://foo/bar")
                                .setCookies())
                        .isEmpty());
        cases.add(
                "S039",
                () -> assertThat(requestAt("/foo/bar", "/", "/foo/bar/baz").setCookies())
                        .hasSize(1));
        cases.add(
                "S040",
                () -> assertThat(requestAt("/foo/bar", "/", "/foo/bar/baz").setCookies())
                        .hasSize(1));
        cases.add(
                "S041",
                () -> assertThat(requestAt("/foo/bar", "/foo", "/foo/bar").setCookies())
                        .hasSize(1));
        cases.add(
                "S042",
                () -> assertThat(requestAt("/foo/bar", "/foo", "/foo/foo/bar").setCookies())
                        .isEmpty());
    }

    private static Response requestAt(String cookiePath, String mountedAt, String path, String... headers)
            throws Exception {
        try (Site site = new Site(PLAIN.andThen(e -> e.path(cookiePath)), EXPRESS_DEFAULTS, null, mountedAt)) {
            Response response = site.request("GET", path, "", EMPTY_RESPONSE, headers);
            assertThat(response.status()).isEqualTo(200);
            return response;
        }
    }

    private static void addSchemes(Cases cases) {
        cases.add(
                "S030",
                () -> assertThat(requestWithScheme(BEHIND_A_PROXY, "https").setCookies())
                        .hasSize(1));
        cases.add(
                "S032",
                () -> assertThat(requestWithScheme(BEHIND_A_PROXY, "").setCookies())
                        .isEmpty());
        cases.add(
                "S033",
                () -> assertThat(requestWithScheme(EXPRESS_DEFAULTS, "https").setCookies())
                        .isEmpty());
        cases.add(
                "S035",
                () -> assertThat(requestWithScheme(EXPRESS_DEFAULTS, "https").setCookies())
                        .isEmpty());
        cases.add("S036", () -> {
            try (Site site = new Site(SECURE, EXPRESS_DEFAULTS).filter(0, new RewritingFilter())) {
                Response response = site.get((session, exchange) -> "true");
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.has("Secure")).isTrue();
                assertThat(response.calls()).containsExactly("set");
            }
        });
        cases.add("S125", () -> {
            try (Site site = Site.overTls(SECURE, EXPRESS_DEFAULTS)) {
                Response response = site.get(EMPTY_RESPONSE);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.has("Secure")).isTrue();
            }
        });
        cases.add(
                "S126",
                () -> assertThat(requestWithScheme(EXPRESS_DEFAULTS, "").setCookies())
                        .isEmpty());
    }

    static Response requestWithScheme(Consumer<Sessions.Config> options, String scheme) throws Exception {
        try (Site site = new Site(SECURE, options)) {
            Response response = scheme.isEmpty()
                    ? site.get(EMPTY_RESPONSE)
                    : site.request("GET", "/", "", EMPTY_RESPONSE, "X-Forwarded-Proto: " + scheme);
            assertThat(response.status()).isEqualTo(200);
            return response;
        }
    }

    private static void addSecrets(Cases cases) {
        cases.add("S086", () -> {
            for (Consumer<ExpressOptions> none :
                    List.<Consumer<ExpressOptions>>of(e -> {}, e -> e.secret(null), e -> e.secretBytes(List.of()))) {
                assertThatThrownBy(() -> Express.compatible(new MemoryStore(), none))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("no secret");
            }
        });
        cases.add("S087", () -> assertSigns(e -> e.existingWeakSecret("awesome cat"), e -> {}));
        cases.add("S088", () -> {
            List<byte[]> bytes = List.of(HexFormat.of().parseHex("80ff".repeat(16)));
            assertSigns(e -> e.secretBytes(bytes), e -> e.existingWeakSecret("keyboard cat"));
        });
        cases.add("S089", () -> {
            try (Site site =
                    new Site(MINUTE.andThen(e -> e.existingWeakSecret("keyboard cat", "nyan cat")), EXPRESS_DEFAULTS)) {
                Response response = site.get(RequestCases::signIn);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("bob");
                assertThat(isSignedBy(response, e -> e.existingWeakSecret("keyboard cat")))
                        .isTrue();
            }
        });
        cases.add(
                "S090",
                () -> assertReadBySecondSite(
                        new String[] {"keyboard cat", "nyan cat"}, new String[] {"nyan cat"}, "undefined"));
        cases.add(
                "S091",
                () -> assertReadBySecondSite(
                        new String[] {"nyan cat"}, new String[] {"keyboard cat", "nyan cat"}, "bob"));
    }

    private static String signIn(Session session) {
        session.set("user", "bob");
        return "bob";
    }

    private static boolean isSignedBy(Response response, Consumer<ExpressOptions> secret) {
        return Express.tokenFormat(secret)
                .read(response.cookie().substring("connect.sid=".length()))
                .isPresent();
    }

    /** Asserts that the secret signs and verifies, and that the site's other secrets do not sign. */
    private static void assertSigns(Consumer<ExpressOptions> secret, Consumer<ExpressOptions> otherSecrets)
            throws Exception {
        try (Site site = new Site(MINUTE.andThen(otherSecrets).andThen(secret), EXPRESS_DEFAULTS)) {
            Site.Page page = session -> {
                if (session.has("user")) {
                    return "get:\"" + session.get("user", String.class) + '"';
                }
                session.set("user", "bob");
                return "set";
            };
            Response first = site.get(page);
            assertThat(first.body()).isEqualTo("set");
            assertThat(isSignedBy(first, secret)).isTrue();
            assertThat(site.get(first.cookie(), page).body()).isEqualTo("get:\"bob\"");
        }
    }

    private static void assertReadBySecondSite(String[] a, String[] b, String expected) throws Exception {
        try (Site first = new Site(MINUTE.andThen(secrets(a)), EXPRESS_DEFAULTS);
                Site second = new Site(MINUTE.andThen(secrets(b)), SOJOURN_DEFAULTS, first.store, "/")) {
            String cookie = first.get(RequestCases::signIn).cookie();
            Response response = second.get(
                    cookie,
                    session -> session.has("user") ? String.valueOf(session.get("user", String.class)) : "undefined");
            assertThat(response.body()).isEqualTo(expected);
        }
    }

    private static Consumer<ExpressOptions> secrets(String[] all) {
        return e ->
                e.existingWeakSecret(all[0], List.of(all).subList(1, all.length).toArray(String[]::new));
    }
}
