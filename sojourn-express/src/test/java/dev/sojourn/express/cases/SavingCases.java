package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.EMPTY_RESPONSE;
import static dev.sojourn.express.cases.Site.EXPRESS_DEFAULTS;
import static dev.sojourn.express.cases.Site.MINUTE;
import static dev.sojourn.express.cases.Site.SOJOURN_DEFAULTS;
import static dev.sojourn.express.cases.Site.TOUCH_ON_EVERY_READ;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Cases about the time at which the store is called and the cookie is sent: before the end, rolling, resave, saveUninitialized,
 * unset.
 */
final class SavingCases {
    private SavingCases() {}

    static void addTo(Cases cases) {
        addBeforeTheEnd(cases);
        addRolling(cases);
        addResave(cases);
        addUninitialized(cases);
        addUnset(cases);
    }

    private static void enableResave(Sessions.Config config) {
        config.saveUninitialized().resave();
    }

    private static String signIn(Session session) {
        session.set("user", "bob");
        return "";
    }

    private static int increment(Session session) {
        return Site.increment(session, "count");
    }

    private static void addBeforeTheEnd(Cases cases) {
        Site.Handler plain = (session, exchange) -> {
            session.set("hit", true);
            return "session saved";
        };
        cases.add("S017", () -> assertSavedOnce(plain, "session saved"));
        cases.add(
                "S018",
                () -> assertSavedOnce(
                        (session, exchange) -> {
                            session.set("hit", true);
                            return "";
                        },
                        ""));
        cases.add(
                "S019",
                () -> assertSavedOnce(
                        (session, exchange) -> {
                            session.set("hit", true);
                            exchange.sendResponseHeaders(200, 12);
                            exchange.getResponseBody().write("hello, ".getBytes(UTF_8));
                            exchange.getResponseBody().write("world".getBytes(UTF_8));
                            exchange.close();
                            return null;
                        },
                        "hello, world"));
        cases.add("S020", () -> assertSavedOnce(plain, "session saved"));
    }

    private static void assertSavedOnce(Site.Handler handler, String body) throws Exception {
        try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
            Response response = site.get(handler);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.sets()).isEqualTo(1);
            assertThat(response.sentBeforeSave())
                    .as("a part of the response was sent before the save")
                    .isFalse();
            assertThat(response.body()).isEqualTo(body);
        }
    }

    private static void addRolling(Cases cases) {
        cases.add("S016", () -> {
            try (Site site = new Site(MINUTE, c -> c.saveUninitialized().rolling())) {
                Site.Handler handler = (session, exchange) -> {
                    session.set("user", "bob");
                    Site.stream(exchange, "hello, ", "world!");
                    return null;
                };
                Response first = site.get(handler);
                site.clock.advance(java.time.Duration.ofSeconds(1));
                Response second = site.get(first.cookie(), handler);
                assertThat(second.expires()).isPresent().isNotEqualTo(first.expires());
            }
        });
        cases.add(
                "S069",
                () -> assertThat(secondResponse(SOJOURN_DEFAULTS, SavingCases::signIn)
                                .setCookies())
                        .isEmpty());
        cases.add(
                "S070",
                () -> assertThat(secondResponse(Sessions.Config::rolling, SavingCases::signIn)
                                .setCookies())
                        .hasSize(1));
        cases.add("S071", () -> assertFirstResponse(Sessions.Config::rolling, session -> "", 0, 0));
        cases.add("S072", () -> assertFirstResponse(c -> c.rolling().saveUninitialized(), session -> "", 1, 1));
        cases.add("S073", () -> assertFirstResponse(Sessions.Config::rolling, SavingCases::signIn, 1, 1));
    }

    private static void assertFirstResponse(Consumer<Sessions.Config> options, Site.Page page, int sets, int cookies)
            throws Exception {
        try (Site site = new Site(MINUTE, options)) {
            Response response = site.get(page);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.sets()).isEqualTo(sets);
            assertThat(response.setCookies()).hasSize(cookies);
        }
    }

    /** Returns the response to the second request of a client. */
    private static Response secondResponse(Consumer<Sessions.Config> options, Site.Page page) throws Exception {
        try (Site site = new Site(MINUTE, options)) {
            Response first = site.get(page);
            assertThat(first.sets()).isEqualTo(1);
            Response second = site.get(first.cookie(), page);
            assertThat(second.status()).isEqualTo(200);
            return second;
        }
    }

    private static void addResave(Cases cases) {
        cases.add(
                "S074",
                () -> assertThat(secondResponse(SavingCases::enableResave, SavingCases::signIn)
                                .sets())
                        .isEqualTo(1));
        cases.add(
                "S075",
                () -> assertThat(secondResponse(SavingCases::enableResave, SavingCases::signIn)
                                .sets())
                        .isEqualTo(1));
        cases.add(
                "S076",
                () -> assertThat(secondResponse(EXPRESS_DEFAULTS, SavingCases::signIn)
                                .sets())
                        .isZero());
        cases.add("S077", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Site.Handler handler = (session, exchange) -> {
                    if (exchange.getRequestMethod().equals("PUT")) {
                        session.set("token", exchange.getRequestURI().getPath().substring(1));
                    }
                    return "token=" + session.get("token", String.class);
                };
                Response first = site.request("PUT", "/w6RHhwaA", "", handler);
                Response second = site.get(first.cookie(), handler);
                Response third = site.request("PUT", "/zfQ3rzM3", first.cookie(), handler);
                assertThat(first.sets()).isEqualTo(1);
                assertThat(second.sets()).isZero();
                assertThat(second.body()).isEqualTo("token=w6RHhwaA");
                assertThat(third.sets()).isEqualTo(1);
                assertThat(third.body()).isEqualTo("token=zfQ3rzM3");
            }
        });
        cases.add(
                "S078",
                () -> assertThat(secondResponse(EXPRESS_DEFAULTS, session -> {
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
        cases.add("S079", () -> {
            try (Site site = new Site(MINUTE, TOUCH_ON_EVERY_READ)) {
                site.store.fail("touch");
                Site.Page page = session -> {
                    session.set("hit", true);
                    return "session saved";
                };
                Response first = site.get(page);
                Response second = site.get(first.cookie(), page);
                assertThat(second.status()).isEqualTo(200);
                assertThat(second.body()).isEqualTo("session saved");
                assertThat(site.storeFailures.tryAcquire(20, TimeUnit.SECONDS))
                        .as("the listener gets an event")
                        .isTrue();
            }
        });
    }

    private static void addUninitialized(Cases cases) {
        cases.add("S080", () -> assertFirstResponse(EXPRESS_DEFAULTS, session -> "", 1, 1));
        cases.add("S081", () -> assertFirstResponse(EXPRESS_DEFAULTS, session -> "", 1, 1));
        cases.add("S082", () -> assertFirstResponse(SOJOURN_DEFAULTS, session -> "", 0, 0));
        cases.add("S083", () -> assertFirstResponse(SOJOURN_DEFAULTS, session -> "" + increment(session), 1, 1));
        cases.add("S085", () -> {
            try (Site site = new Site(MINUTE, SOJOURN_DEFAULTS)) {
                Response response = site.get(EMPTY_RESPONSE);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.count("touch")).isZero();
            }
        });
    }

    /** {@code request.session = null} is {@code discard()} if unset is keep, and {@code destroy()} if it is destroy. */
    private static void addUnset(Cases cases) {
        cases.add("S093", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response first = unsetAtSecondRequest(site, Session::discard);
                assertThat(site.store.size()).isEqualTo(1);
                assertThat(site.store.text(first.id())).contains("\"count\":1");
            }
        });
        cases.add("S094", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                unsetAtSecondRequest(site, Session::destroy);
                assertThat(site.store.size()).isZero();
            }
        });
        cases.add("S095", () -> {
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
        cases.add("S138", () -> {
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
                Response second = site.get(first.cookie(), page);
                assertThat(first.body()).isEqualTo("hits: 1");
                assertThat(second.status()).isEqualTo(200);
                assertThat(second.body()).isEqualTo("destroyed\nhits: 2");
                assertThat(site.store.size()).isZero();
            }
        });
    }

    /** Counts in a session, unsets it in the second request, and returns the first response. */
    private static Response unsetAtSecondRequest(Site site, Consumer<Session> unset) throws Exception {
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
        Response second = site.get(first.cookie(), page);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body()).isEqualTo("2");
        return first;
    }
}
