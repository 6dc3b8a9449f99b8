package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.BEHIND_A_PROXY;
import static dev.sojourn.express.cases.Site.END;
import static dev.sojourn.express.cases.Site.MINUTE;
import static dev.sojourn.express.cases.Site.PLAIN;
import static dev.sojourn.express.cases.Site.SECURE;
import static dev.sojourn.express.cases.Site.UNASKED;
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
            try (Site site = new Site(MINUTE, UNASKED)) {
                Answer answer = site.get(session -> {
                    session.set("active", true);
                    return "session active";
                });
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("session active");
                assertThat(answer.line("connect.sid")).isPresent();
                assertThat(site.store.size()).isEqualTo(1);
            }
        });
        cases.on("S006", () -> {
            try (Site site = new Site(MINUTE, UNASKED)) {
                Site.Page page = numbered(new AtomicInteger());
                Answer first = site.get(page);
                assertThat(first.body()).isEqualTo("session 1");
                assertThat(site.as(first.cookie(), page).body()).isEqualTo("session 1");
            }
        });
        cases.on("S008", () -> {
            try (Site site = new Site(MINUTE, UNASKED)) {
                site.store.findNothing();
                Site.Page page = numbered(new AtomicInteger());
                Answer first = site.get(page);
                Answer second = site.as(first.cookie(), page);
                assertThat(first.body()).isEqualTo("session 1");
                assertThat(second.status()).isEqualTo(200);
                assertThat(second.body()).isEqualTo("session 2");
            }
        });
        cases.on("S009", () -> {
            try (Site site = new Site(MINUTE, UNASKED)) {
                Answer outer = site.get(session -> {
                    String body = marked(session, "session updated");
                    Answer inner = site.get(other -> marked(other, "session updated"));
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
            try (Site site = new Site(MINUTE, UNASKED).filter(0, new Fronting(URI.create("")))) {
                Answer answer = site.get(END);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.line()).isNotEmpty();
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
        try (Site site = new Site(MINUTE, UNASKED)) {
            Site.Page page = numbered(new AtomicInteger());
            Answer first = site.get(page);
            site.store.clear();
            Answer third = site.as(first.cookie(), page);
            assertThat(third.status()).isEqualTo(200);
            assertThat(third.body()).isEqualTo("session 2");
            assertThat(!comparesIds || !third.id().equals(first.id())).isTrue();
        }
    }

    /** Five milliseconds in Express's test are five seconds here, on a settable clock. */
    private static void expired(boolean comparesIds) throws Exception {
        try (Site site = new Site(PLAIN.andThen(e -> e.maxAge(Duration.ofSeconds(5))), UNASKED)) {
            Site.Page page = numbered(new AtomicInteger());
            Answer first = site.get(page);
            site.clock.advance(Duration.ofSeconds(20));
            Answer third = site.as(first.cookie(), page);
            assertThat(first.body()).isEqualTo("session 1");
            assertThat(third.body()).isEqualTo("session 2");
            assertThat(third.line("connect.sid")).isPresent();
            assertThat(!comparesIds || !third.id().equals(first.id())).isTrue();
        }
    }

    private static void responses(Cases cases) {
        cases.on("S011", () -> {
            try (Site site = new Site(MINUTE, UNASKED)) {
                Answer answer = site.get((session, exchange) -> {
                    exchange.getResponseHeaders().set("Content-Type", "text/plain");
                    Site.send(exchange, 200, "Hello, world!");
                    exchange.getResponseBody().close();
                    exchange.close();
                    return null;
                });
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.all("Content-Type")).containsExactly("text/plain");
                assertThat(answer.body()).isEqualTo("Hello, world!");
            }
        });
        cases.on("S012", () -> {
            try (Site site = new Site(MINUTE, UNASKED)) {
                Answer answer = site.get(END);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEmpty();
                assertThat(answer.line()).isNotEmpty();
            }
        });
        cases.on("S099", () -> {
            BlockingQueue<String> errors = new LinkedBlockingQueue<>();
            try (Site site = new Site(MINUTE, UNASKED).bare("/bare", exchange -> errors.add(endedTwice(exchange)))) {
                Answer bare = site.request("GET", "/bare", "", END);
                Answer ours = site.get((session, exchange) -> {
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
        try (Site site = new Site(MINUTE, UNASKED).filter(place, new Sealing())) {
            Answer answer = site.get((session, exchange) -> {
                session.set("hit", true);
                Site.stream(exchange, "hello, ", "world");
                return null;
            });
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("hello, world");
            assertThat(answer.calls()).containsExactly("set");
            assertThat(answer.line()).isNotEmpty();
        }
    }

    private static void tokens(Cases cases) {
        cases.on("S024", () -> {
            try (Site site = new Site(MINUTE.andThen(e -> e.name("sessid")), UNASKED)) {
                Answer first = site.get(session -> marked(session, "session read"));
                Answer second = site.as(
                        "sessid=" + Answer.idOf(first.cookie("sessid")), session -> marked(session, "session read"));
                assertThat(second.body()).isEqualTo("session created");
                assertThat(Answer.idOf(second.cookie("sessid"))).isNotEqualTo(Answer.idOf(first.cookie("sessid")));
                assertThat(second.count("get")).isZero();
            }
        });
        cases.on("S025", () -> {
            try (Site site = new Site(MINUTE.andThen(e -> e.name("sessid")), UNASKED)) {
                Answer first = site.get(session -> marked(session, "session read"));
                String cookie = first.cookie("sessid");
                String spoiled = cookie.replaceFirst("...\\.", ".");
                assertThat(spoiled).hasSize(cookie.length() - 3);
                Answer second = site.as(spoiled, session -> marked(session, "session read"));
                assertThat(second.body()).isEqualTo("session created");
                assertThat(second.line("sessid")).isPresent();
                assertThat(second.count("get")).isZero();
            }
        });
        cases.on("S061", () -> {
            try (Site site = new Site(PLAIN, UNASKED)) {
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
        try (Site site = new Site(options, UNASKED)) {
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

    private static Answer at(String cookiePath, String mountedAt, String path, String... headers) throws Exception {
        try (Site site = new Site(PLAIN.andThen(e -> e.path(cookiePath)), UNASKED, null, mountedAt)) {
            Answer answer = site.request("GET", path, "", END, headers);
            assertThat(answer.status()).isEqualTo(200);
            return answer;
        }
    }

    private static void schemes(Cases cases) {
        cases.on(
                "S030",
                () -> assertThat(from(BEHIND_A_PROXY, "https").setCookies()).hasSize(1));
        cases.on("S032", () -> assertThat(from(BEHIND_A_PROXY, "").setCookies()).isEmpty());
        cases.on("S033", () -> assertThat(from(UNASKED, "https").setCookies()).isEmpty());
        cases.on("S035", () -> assertThat(from(UNASKED, "https").setCookies()).isEmpty());
        cases.on("S036", () -> {
            try (Site site = new Site(SECURE, UNASKED).filter(0, new Fronting())) {
                Answer answer = site.get((session, exchange) -> "true");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.has("Secure")).isTrue();
                assertThat(answer.calls()).containsExactly("set");
            }
        });
        cases.on("S125", () -> {
            try (Site site = Site.overTls(SECURE, UNASKED)) {
                Answer answer = site.get(END);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.has("Secure")).isTrue();
            }
        });
        cases.on("S126", () -> assertThat(from(UNASKED, "").setCookies()).isEmpty());
    }

    static Answer from(Consumer<Sessions.Config> options, String scheme) throws Exception {
        try (Site site = new Site(SECURE, options)) {
            Answer answer = scheme.isEmpty()
                    ? site.get(END)
                    : site.request("GET", "/", "", END, "X-Forwarded-Proto: " + scheme);
            assertThat(answer.status()).isEqualTo(200);
            return answer;
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
            try (Site site = new Site(MINUTE.andThen(e -> e.existingWeakSecret("keyboard cat", "nyan cat")), UNASKED)) {
                Answer answer = site.get(RequestCases::bob);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("bob");
                assertThat(isSignedBy(answer, e -> e.existingWeakSecret("keyboard cat")))
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

    private static boolean isSignedBy(Answer answer, Consumer<ExpressOptions> secret) {
        return Express.tokenFormat(secret)
                .read(answer.cookie().substring("connect.sid=".length()))
                .isPresent();
    }

    /** The secret signs and verifies, and none of the site's other secrets signs. */
    private static void signs(Consumer<ExpressOptions> secret, Consumer<ExpressOptions> beside) throws Exception {
        try (Site site = new Site(MINUTE.andThen(beside).andThen(secret), UNASKED)) {
            Site.Page page = session -> {
                if (session.has("user")) {
                    return "get:\"" + session.get("user", String.class) + '"';
                }
                session.set("user", "bob");
                return "set";
            };
            Answer first = site.get(page);
            assertThat(first.body()).isEqualTo("set");
            assertThat(isSignedBy(first, secret)).isTrue();
            assertThat(site.as(first.cookie(), page).body()).isEqualTo("get:\"bob\"");
        }
    }

    private static void two(String[] a, String[] b, String seen) throws Exception {
        try (Site first = new Site(MINUTE.andThen(secrets(a)), UNASKED);
                Site second = new Site(MINUTE.andThen(secrets(b)), USUAL, first.store, "/")) {
            String cookie = first.get(RequestCases::bob).cookie();
            Answer answer = second.as(
                    cookie,
                    session -> session.has("user") ? String.valueOf(session.get("user", String.class)) : "undefined");
            assertThat(answer.body()).isEqualTo(seen);
        }
    }

    private static Consumer<ExpressOptions> secrets(String[] all) {
        return e ->
                e.existingWeakSecret(all[0], List.of(all).subList(1, all.length).toArray(String[]::new));
    }
}
