package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.END;
import static dev.sojourn.express.cases.Site.EXPRESS_DEFAULTS;
import static dev.sojourn.express.cases.Site.MINUTE;
import static dev.sojourn.express.cases.Site.TOUCHING;
import static dev.sojourn.express.cases.Site.USUAL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** When the store is called and the cookie is sent: before the end, rolling, resave, saveUninitialized, unset. */
final class SavingCases {
    private SavingCases() {}

    static void add(Cases cases) {
        beforeTheEnd(cases);
        rolling(cases);
        resave(cases);
        uninitialized(cases);
        unset(cases);
    }

    private static void resaving(Sessions.Config config) {
        config.saveUninitialized().resave();
    }

    private static String bob(Session session) {
        session.set("user", "bob");
        return "";
    }

    private static int counted(Session session) {
        return Site.counted(session, "count");
    }

    private static void beforeTheEnd(Cases cases) {
        Site.Handler plain = (session, exchange) -> {
            session.set("hit", true);
            return "session saved";
        };
        cases.on("S017", () -> savedOnce(plain, "session saved"));
        cases.on(
                "S018",
                () -> savedOnce(
                        (session, exchange) -> {
                            session.set("hit", true);
                            return "";
                        },
                        ""));
        cases.on(
                "S019",
                () -> savedOnce(
                        (session, exchange) -> {
                            session.set("hit", true);
                            exchange.sendResponseHeaders(200, 12);
                            exchange.getResponseBody().write("hello, ".getBytes(UTF_8));
                            exchange.getResponseBody().write("world".getBytes(UTF_8));
                            exchange.close();
                            return null;
                        },
                        "hello, world"));
        cases.on("S020", () -> savedOnce(plain, "session saved"));
    }

    private static void savedOnce(Site.Handler handler, String body) throws Exception {
        try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
            Response response = site.get(handler);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.sets()).isEqualTo(1);
            assertThat(response.overtook()).as("nothing left before its save").isFalse();
            assertThat(response.body()).isEqualTo(body);
        }
    }

    private static void rolling(Cases cases) {
        cases.on("S016", () -> {
            try (Site site = new Site(MINUTE, c -> c.saveUninitialized().rolling())) {
                Site.Handler handler = (session, exchange) -> {
                    session.set("user", "bob");
                    Site.stream(exchange, "hello, ", "world!");
                    return null;
                };
                Response first = site.get(handler);
                site.clock.advance(java.time.Duration.ofSeconds(1));
                Response second = site.as(first.cookie(), handler);
                assertThat(second.expires()).isPresent().isNotEqualTo(first.expires());
            }
        });
        cases.on(
                "S069",
                () -> assertThat(again(USUAL, SavingCases::bob).setCookies()).isEmpty());
        cases.on(
                "S070",
                () -> assertThat(again(Sessions.Config::rolling, SavingCases::bob)
                                .setCookies())
                        .hasSize(1));
        cases.on("S071", () -> first(Sessions.Config::rolling, session -> "", 0, 0));
        cases.on("S072", () -> first(c -> c.rolling().saveUninitialized(), session -> "", 1, 1));
        cases.on("S073", () -> first(Sessions.Config::rolling, SavingCases::bob, 1, 1));
    }

    private static void first(Consumer<Sessions.Config> options, Site.Page page, int sets, int cookies)
            throws Exception {
        try (Site site = new Site(MINUTE, options)) {
            Response response = site.get(page);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.sets()).isEqualTo(sets);
            assertThat(response.setCookies()).hasSize(cookies);
        }
    }

    /** Returns the second response to the same client. */
    private static Response again(Consumer<Sessions.Config> options, Site.Page page) throws Exception {
        try (Site site = new Site(MINUTE, options)) {
            Response first = site.get(page);
            assertThat(first.sets()).isEqualTo(1);
            Response second = site.as(first.cookie(), page);
            assertThat(second.status()).isEqualTo(200);
            return second;
        }
    }

    private static void resave(Cases cases) {
        cases.on(
                "S074",
                () -> assertThat(again(SavingCases::resaving, SavingCases::bob).sets())
                        .isEqualTo(1));
        cases.on(
                "S075",
                () -> assertThat(again(SavingCases::resaving, SavingCases::bob).sets())
                        .isEqualTo(1));
        cases.on(
                "S076",
                () -> assertThat(again(EXPRESS_DEFAULTS, SavingCases::bob).sets())
                        .isZero());
        cases.on("S077", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Site.Handler handler = (session, exchange) -> {
                    if (exchange.getRequestMethod().equals("PUT")) {
                        session.set("token", exchange.getRequestURI().getPath().substring(1));
                    }
                    return "token=" + session.get("token", String.class);
                };
                Response first = site.request("PUT", "/w6RHhwaA", "", handler);
                Response second = site.as(first.cookie(), handler);
                Response third = site.request("PUT", "/zfQ3rzM3", first.cookie(), handler);
                assertThat(first.sets()).isEqualTo(1);
                assertThat(second.sets()).isZero();
                assertThat(second.body()).isEqualTo("token=w6RHhwaA");
                assertThat(third.sets()).isEqualTo(1);
                assertThat(third.body()).isEqualTo("token=zfQ3rzM3");
            }
        });
        cases.on(
                "S078",
                () -> assertThat(again(EXPRESS_DEFAULTS, session -> {
                                    @SuppressWarnings("unchecked")
                                    Map<String, Object> found = session.get("user", Map.class);
                                    Map<String, Object> user = found == null ? new HashMap<>() : found;
                                    user.put("name", "bob");
                                    user.merge("cookie", 1, (one, other) -> (Integer) one + (Integer) other);
                                    session.set("user", user);
                                    return "";
                                })
                                .sets())
                        .isEqualTo(1));
        cases.on("S079", () -> {
            try (Site site = new Site(MINUTE, TOUCHING)) {
                site.store.fail("touch");
                Site.Page page = session -> {
                    session.set("hit", true);
                    return "session saved";
                };
                Response first = site.get(page);
                Response second = site.as(first.cookie(), page);
                assertThat(second.status()).isEqualTo(200);
                assertThat(second.body()).isEqualTo("session saved");
                assertThat(site.troubles.tryAcquire(20, TimeUnit.SECONDS))
                        .as("the listener gets an event")
                        .isTrue();
            }
        });
    }

    private static void uninitialized(Cases cases) {
        cases.on("S080", () -> first(EXPRESS_DEFAULTS, session -> "", 1, 1));
        cases.on("S081", () -> first(EXPRESS_DEFAULTS, session -> "", 1, 1));
        cases.on("S082", () -> first(USUAL, session -> "", 0, 0));
        cases.on("S083", () -> first(USUAL, session -> "" + counted(session), 1, 1));
        cases.on("S085", () -> {
            try (Site site = new Site(MINUTE, USUAL)) {
                Response response = site.get(END);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.count("touch")).isZero();
            }
        });
    }

    /** {@code request.session = null} is {@code discard()} if unset is keep, and {@code destroy()} if it is destroy. */
    private static void unset(Cases cases) {
        cases.on("S093", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response first = unsetAtTwo(site, Session::discard);
                assertThat(site.store.size()).isEqualTo(1);
                assertThat(site.store.text(first.id())).contains("\"count\":1");
            }
        });
        cases.on("S094", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                unsetAtTwo(site, Session::destroy);
                assertThat(site.store.size()).isZero();
            }
        });
        cases.on("S095", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response response = site.get(session -> {
                    session.destroy();
                    return "";
                });
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.setCookies()).isEmpty();
                assertThat(site.store.size()).isZero();
            }
        });
        cases.on("S138", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Site.Page page = session -> {
                    int n = Site.number(session, "count") + 1;
                    session.set("count", n);
                    if (n > 1) {
                        session.destroy();
                    }
                    return (n > 1 ? "destroyed\n" : "") + "hits: " + n;
                };
                Response first = site.get(page);
                Response second = site.as(first.cookie(), page);
                assertThat(first.body()).isEqualTo("hits: 1");
                assertThat(second.status()).isEqualTo(200);
                assertThat(second.body()).isEqualTo("destroyed\nhits: 2");
                assertThat(site.store.size()).isZero();
            }
        });
    }

    /** Counts in a session, and unsets it at two. */
    private static Response unsetAtTwo(Site site, Consumer<Session> unset) throws Exception {
        Site.Page page = session -> {
            int n = Site.number(session, "count") + 1;
            session.set("count", n);
            if (n == 2) {
                unset.accept(session);
            }
            return "" + n;
        };
        Response first = site.get(page);
        assertThat(first.status()).isEqualTo(200);
        assertThat(site.store.size()).isEqualTo(1);
        Response second = site.as(first.cookie(), page);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body()).isEqualTo("2");
        return first;
    }
}
