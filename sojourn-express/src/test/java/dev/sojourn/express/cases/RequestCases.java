package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.BEHIND_A_PROXY;
import static dev.sojourn.express.cases.Site.END;
import static dev.sojourn.express.cases.Site.EXPRESS_DEFAULTS;
import static dev.sojourn.express.cases.Site.MINUTE;
import static dev.sojourn.express.cases.Site.PLAIN;
import static dev.sojourn.express.cases.Site.SECURE;
import static dev.sojourn.express.cases.Site.USUAL;
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

/** Requests: the cookie, the path, the scheme, and the response. */
final class RequestCases {
    private RequestCases() {}

    static void add(Cases cases) {
        beginnings(cases);
        responses(cases);
        tokens(cases);
        paths(cases);
        schemes(cases);
        secrets(cases);
    }

    /** Numbers a session when it begins, and returns its number. */
    static Site.Page numbered(AtomicInteger counter) {
        return session -> {
            if (!session.has("num")) {
                session.set("num", counter.incrementAndGet());
            }
            return "session " + session.get("num", Integer.class);
        };
    }

    private static String marked(Session session, String known) {
        String body = session.has("active") ? known : "session created";
        session.set("active", true);
        return body;
    }

    private static void beginnings(Cases cases) {
        cases.on(
                "S001",
                () -> assertThat(List.of(Session.class, SessionStore.class, MemoryStore.class))
                        .allMatch(RequestCases::isExported));
        cases.on("S005", () -> {
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
        cases.on("S006", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Site.Page page = numbered(new AtomicInteger());
                Response first = site.get(page);
                assertThat(first.body()).isEqualTo("session 1");
                assertThat(site.as(first.cookie(), page).body()).isEqualTo("session 1");
            }
        });
        cases.on("S008", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                site.store.findNothing();
                Site.Page page = numbered(new AtomicInteger());
                Response first = site.get(page);
                Response second = site.as(first.cookie(), page);
                assertThat(first.body()).isEqualTo("session 1");
                assertThat(second.status()).isEqualTo(200);
                assertThat(second.body()).isEqualTo("session 2");
            }
        });
        cases.on("S009", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response outer = site.get(session -> {
                    String body = marked(session, "session updated");
                    Response inner = site.get(other -> marked(other, "session updated"));
                    assertThat(inner.status()).isEqualTo(200);
                    assertThat(inner.body()).isEqualTo("session created");
                    return body;
                });
                assertThat(outer.status()).isEqualTo(200);
                assertThat(outer.body()).isEqualTo("session created");
                assertThat(site.store.size()).isEqualTo(2);
            }
        });
        cases.on("S010", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS).filter(0, new RewritingFilter(URI.create("")))) {
                Response response = site.get(END);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.line()).isNotEmpty();
            }
        });
        cases.on("S022", () -> unknownId(false));
        cases.on("S023", () -> unknownId(true));
        cases.on("S026", () -> expired(false));
        cases.on("S027", () -> expired(true));
    }

    /** Whether other modules may use a type. */
    private static boolean isExported(Class<?> type) {
        URI home = URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString());
        return ModuleFinder.of(Path.of(home)).findAll().stream()
                .flatMap(module -> module.descriptor().exports().stream())
                .anyMatch(each -> !each.isQualified() && each.source().equals(type.getPackageName()));
    }

    private static void unknownId(boolean comparesIds) throws Exception {
        try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
            Site.Page page = numbered(new AtomicInteger());
            Response first = site.get(page);
            site.store.clear();
            Response third = site.as(first.cookie(), page);
            assertThat(third.status()).isEqualTo(200);
            assertThat(third.body()).isEqualTo("session 2");
            assertThat(!comparesIds || !third.id().equals(first.id())).isTrue();
        }
    }

    /** Five milliseconds in Express's test are five seconds here, on a settable clock. */
    private static void expired(boolean comparesIds) throws Exception {
        try (Site site = new Site(PLAIN.andThen(e -> e.maxAge(Duration.ofSeconds(5))), EXPRESS_DEFAULTS)) {
            Site.Page page = numbered(new AtomicInteger());
            Response first = site.get(page);
            site.clock.advance(Duration.ofSeconds(20));
            Response third = site.as(first.cookie(), page);
            assertThat(first.body()).isEqualTo("session 1");
            assertThat(third.body()).isEqualTo("session 2");
            assertThat(third.line("connect.sid")).isPresent();
            assertThat(!comparesIds || !third.id().equals(first.id())).isTrue();
        }
    }

    private static void responses(Cases cases) {
        cases.on("S011", () -> {
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
        cases.on("S012", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response response = site.get(END);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEmpty();
                assertThat(response.line()).isNotEmpty();
            }
        });
        cases.on("S099", () -> {
            BlockingQueue<String> errors = new LinkedBlockingQueue<>();
            try (Site site =
                    new Site(MINUTE, EXPRESS_DEFAULTS).bare("/bare", exchange -> errors.add(endedTwice(exchange)))) {
                Response bare = site.request("GET", "/bare", "", END);
                Response ours = site.get((session, exchange) -> {
                    errors.add(endedTwice(exchange));
                    return null;
                });
                String bareError = errors.poll(20, TimeUnit.SECONDS);
                assertThat(bareError).isNotEmpty().isEqualTo(errors.poll(20, TimeUnit.SECONDS));
                assertThat(ours.status()).isEqualTo(bare.status());
                assertThat(ours.body()).isEqualTo(bare.body());
                assertThat(ours.line()).isNotEmpty();
            }
        });
        cases.on("S097", () -> wrapped(0));
        cases.on("S098", () -> wrapped(1));
    }

    private static String endedTwice(HttpExchange exchange) throws IOException {
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

    private static void wrapped(int place) throws Exception {
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

    private static void tokens(Cases cases) {
        cases.on("S024", () -> {
            try (Site site = new Site(MINUTE.andThen(e -> e.name("sessid")), EXPRESS_DEFAULTS)) {
                Response first = site.get(session -> marked(session, "session read"));
                Response second = site.as(
                        "sessid=" + Response.idOf(first.cookie("sessid")), session -> marked(session, "session read"));
                assertThat(second.body()).isEqualTo("session created");
                assertThat(Response.idOf(second.cookie("sessid"))).isNotEqualTo(Response.idOf(first.cookie("sessid")));
                assertThat(second.count("get")).isZero();
            }
        });
        cases.on("S025", () -> {
            try (Site site = new Site(MINUTE.andThen(e -> e.name("sessid")), EXPRESS_DEFAULTS)) {
                Response first = site.get(session -> marked(session, "session read"));
                String cookie = first.cookie("sessid");
                String spoiled = cookie.replaceFirst("...\\.", ".");
                assertThat(spoiled).hasSize(cookie.length() - 3);
                Response second = site.as(spoiled, session -> marked(session, "session read"));
                assertThat(second.body()).isEqualTo("session created");
                assertThat(second.line("sessid")).isPresent();
                assertThat(second.count("get")).isZero();
            }
        });
        cases.on("S061", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                String id = site.get(END).id();
                assertThat(id)
                        .matches("[A-Za-z0-9_-]{43}")
                        .isNotEqualTo(site.get(END).id());
            }
        });
        cases.on("S065", () -> named(PLAIN, "connect.sid"));
        cases.on("S067", () -> named(PLAIN, "connect.sid"));
        cases.on("S068", () -> named(PLAIN.andThen(e -> e.name("session_id")), "session_id"));
    }

    private static void named(Consumer<ExpressOptions> options, String name) throws Exception {
        try (Site site = new Site(options, EXPRESS_DEFAULTS)) {
            assertThat(site.get(END).line(name)).isPresent();
        }
    }

    private static void paths(Cases cases) {
        cases.on("S037", () -> assertThat(at("/foo/bar", "/", "/").setCookies()).isEmpty());
        cases.on(
                "S038",
                () -> assertThat(
                                at("/foo/bar", "/", "/", "Host: http://foo/bar").setCookies())
                        .isEmpty());
        cases.on(
                "S039",
                () -> assertThat(at("/foo/bar", "/", "/foo/bar/baz").setCookies())
                        .hasSize(1));
        cases.on(
                "S040",
                () -> assertThat(at("/foo/bar", "/", "/foo/bar/baz").setCookies())
                        .hasSize(1));
        cases.on(
                "S041",
                () -> assertThat(at("/foo/bar", "/foo", "/foo/bar").setCookies())
                        .hasSize(1));
        cases.on(
                "S042",
                () -> assertThat(at("/foo/bar", "/foo", "/foo/foo/bar").setCookies())
                        .isEmpty());
    }

    private static Response at(String cookiePath, String mountedAt, String path, String... headers) throws Exception {
        try (Site site = new Site(PLAIN.andThen(e -> e.path(cookiePath)), EXPRESS_DEFAULTS, null, mountedAt)) {
            Response response = site.request("GET", path, "", END, headers);
            assertThat(response.status()).isEqualTo(200);
            return response;
        }
    }

    private static void schemes(Cases cases) {
        cases.on(
                "S030",
                () -> assertThat(from(BEHIND_A_PROXY, "https").setCookies()).hasSize(1));
        cases.on("S032", () -> assertThat(from(BEHIND_A_PROXY, "").setCookies()).isEmpty());
        cases.on(
                "S033",
                () -> assertThat(from(EXPRESS_DEFAULTS, "https").setCookies()).isEmpty());
        cases.on(
                "S035",
                () -> assertThat(from(EXPRESS_DEFAULTS, "https").setCookies()).isEmpty());
        cases.on("S036", () -> {
            try (Site site = new Site(SECURE, EXPRESS_DEFAULTS).filter(0, new RewritingFilter())) {
                Response response = site.get((session, exchange) -> "true");
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.has("Secure")).isTrue();
                assertThat(response.calls()).containsExactly("set");
            }
        });
        cases.on("S125", () -> {
            try (Site site = Site.overTls(SECURE, EXPRESS_DEFAULTS)) {
                Response response = site.get(END);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.has("Secure")).isTrue();
            }
        });
        cases.on(
                "S126",
                () -> assertThat(from(EXPRESS_DEFAULTS, "").setCookies()).isEmpty());
    }

    static Response from(Consumer<Sessions.Config> options, String scheme) throws Exception {
        try (Site site = new Site(SECURE, options)) {
            Response response = scheme.isEmpty()
                    ? site.get(END)
                    : site.request("GET", "/", "", END, "X-Forwarded-Proto: " + scheme);
            assertThat(response.status()).isEqualTo(200);
            return response;
        }
    }

    private static void secrets(Cases cases) {
        cases.on("S086", () -> {
            for (Consumer<ExpressOptions> none :
                    List.<Consumer<ExpressOptions>>of(e -> {}, e -> e.secret(null), e -> e.secretBytes(List.of()))) {
                assertThatThrownBy(() -> Express.compatible(new MemoryStore(), none))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("no secret");
            }
        });
        cases.on("S087", () -> signs(e -> e.existingWeakSecret("awesome cat"), e -> {}));
        cases.on("S088", () -> {
            List<byte[]> bytes = List.of(HexFormat.of().parseHex("80ff".repeat(16)));
            signs(e -> e.secretBytes(bytes), e -> e.existingWeakSecret("keyboard cat"));
        });
        cases.on("S089", () -> {
            try (Site site =
                    new Site(MINUTE.andThen(e -> e.existingWeakSecret("keyboard cat", "nyan cat")), EXPRESS_DEFAULTS)) {
                Response response = site.get(RequestCases::bob);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("bob");
                assertThat(isSignedBy(response, e -> e.existingWeakSecret("keyboard cat")))
                        .isTrue();
            }
        });
        cases.on("S090", () -> two(new String[] {"keyboard cat", "nyan cat"}, new String[] {"nyan cat"}, "undefined"));
        cases.on("S091", () -> two(new String[] {"nyan cat"}, new String[] {"keyboard cat", "nyan cat"}, "bob"));
    }

    private static String bob(Session session) {
        session.set("user", "bob");
        return "bob";
    }

    private static boolean isSignedBy(Response response, Consumer<ExpressOptions> secret) {
        return Express.tokenFormat(secret)
                .read(response.cookie().substring("connect.sid=".length()))
                .isPresent();
    }

    /** The secret signs and verifies, and none of the site's other secrets signs. */
    private static void signs(Consumer<ExpressOptions> secret, Consumer<ExpressOptions> otherSecrets) throws Exception {
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
            assertThat(site.as(first.cookie(), page).body()).isEqualTo("get:\"bob\"");
        }
    }

    private static void two(String[] a, String[] b, String seen) throws Exception {
        try (Site first = new Site(MINUTE.andThen(secrets(a)), EXPRESS_DEFAULTS);
                Site second = new Site(MINUTE.andThen(secrets(b)), USUAL, first.store, "/")) {
            String cookie = first.get(RequestCases::bob).cookie();
            Response response = second.as(
                    cookie,
                    session -> session.has("user") ? String.valueOf(session.get("user", String.class)) : "undefined");
            assertThat(response.body()).isEqualTo(seen);
        }
    }

    private static Consumer<ExpressOptions> secrets(String[] all) {
        return e ->
                e.existingWeakSecret(all[0], List.of(all).subList(1, all.length).toArray(String[]::new));
    }
}
