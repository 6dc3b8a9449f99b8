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

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressOptions;
import dev.sojourn.spi.SessionStore;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What a request brings and meets: its cookie, its path, its scheme, and the answers around it. */
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

    /** Numbers a session when it begins, and tells its number. */
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
                        .allMatch(each -> java.lang.reflect.Modifier.isPublic(each.getModifiers())));
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
                for (int i = 0; i < 2; i++) {
                    assertThat(site.get(session -> marked(session, "session updated"))
                                    .body())
                            .isEqualTo("session created");
                }
                assertThat(site.store.size()).isEqualTo(2);
            }
        });
        cases.on("S022", () -> unknownId(false));
        cases.on("S023", () -> unknownId(true));
        cases.on("S026", () -> expired(false));
        cases.on("S027", () -> expired(true));
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

    /** Five milliseconds there are five seconds here, on a clock that is set. */
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
            }
        });
        cases.on("S097", () -> wrapped(0));
        cases.on("S098", () -> wrapped(1));
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
        }
    }

    private static void tokens(Cases cases) {
        cases.on("S024", () -> {
            try (Site site = new Site(MINUTE.andThen(e -> e.name("sessid")), UNASKED)) {
                Answer first = site.get(session -> marked(session, "session read"));
                Answer second = site.as(
                        "sessid=" + Answer.idOf(first.cookie("sessid")), session -> marked(session, "session read"));
                assertThat(second.body()).isEqualTo("session created");
                assertThat(second.cookie("sessid")).isNotEqualTo(first.cookie("sessid"));
            }
        });
        cases.on("S025", () -> {
            try (Site site = new Site(MINUTE.andThen(e -> e.name("sessid")), UNASKED)) {
                Answer first = site.get(session -> marked(session, "session read"));
                String cookie = first.cookie("sessid");
                String spoiled = cookie.replaceFirst("...\\.", ".");
                Answer second = site.as(spoiled, session -> marked(session, "session read"));
                assertThat(second.body()).isEqualTo("session created");
                assertThat(second.line("sessid")).isPresent();
                assertThat(second.count("get")).isZero();
            }
        });
        cases.on("S061", () -> named(PLAIN, "connect.sid"));
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
        cases.on(
                "S125",
                () -> assertThat(from(BEHIND_A_PROXY, "https").setCookies()).hasSize(1));
        cases.on(
                "S126",
                () -> assertThat(from(BEHIND_A_PROXY, "http").setCookies()).isEmpty());
    }

    private static Answer from(Consumer<Sessions.Config> options, String scheme) throws Exception {
        try (Site site = new Site(SECURE, options)) {
            Answer answer = scheme.isEmpty()
                    ? site.get(END)
                    : site.request("GET", "/", "", END, "X-Forwarded-Proto: " + scheme);
            assertThat(answer.status()).isEqualTo(200);
            return answer;
        }
    }

    private static void secrets(Cases cases) {
        cases.on(
                "S086",
                () -> assertThatThrownBy(() -> Express.tokenFormat(e -> {}))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("no secret"));
        cases.on("S087", () -> secret(MINUTE.andThen(e -> e.existingWeakSecret("awesome cat"))));
        cases.on(
                "S088",
                () -> secret(MINUTE.andThen(
                        e -> e.secretBytes(List.of(HexFormat.of().parseHex("80ff".repeat(16)))))));
        cases.on("S089", () -> {
            try (Site site = new Site(MINUTE.andThen(e -> e.existingWeakSecret("keyboard cat", "nyan cat")), UNASKED)) {
                assertThat(site.get(RequestCases::bob).line()).isNotEmpty();
            }
        });
        cases.on("S090", () -> two(new String[] {"keyboard cat", "nyan cat"}, new String[] {"nyan cat"}, "undefined"));
        cases.on("S091", () -> two(new String[] {"nyan cat"}, new String[] {"keyboard cat", "nyan cat"}, "bob"));
    }

    private static String bob(Session session) {
        session.set("user", "bob");
        return "bob";
    }

    private static void secret(Consumer<ExpressOptions> options) throws Exception {
        try (Site site = new Site(options, UNASKED)) {
            Site.Page page = session -> {
                if (session.has("user")) {
                    return "get:\"" + session.get("user", String.class) + '"';
                }
                session.set("user", "bob");
                return "set";
            };
            Answer first = site.get(page);
            assertThat(first.body()).isEqualTo("set");
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
