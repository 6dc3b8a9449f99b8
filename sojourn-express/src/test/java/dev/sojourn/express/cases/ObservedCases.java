package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.EMPTY_RESPONSE;
import static dev.sojourn.express.cases.Site.EXPRESS_DEFAULTS;
import static dev.sojourn.express.cases.Site.MINUTE;
import static dev.sojourn.express.cases.Site.PLAIN;
import static dev.sojourn.express.cases.Site.SOJOURN_DEFAULTS;
import static dev.sojourn.express.cases.Site.TOUCH_ON_EVERY_READ;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Cases of observed behaviour of Express that its own tests do not cover. */
final class ObservedCases {
    private ObservedCases() {}

    static void addTo(Cases cases) {
        addMethods(cases);
        addCalls(cases);
        addCookies(cases);
        addEnds(cases);
        addRaces(cases);
    }

    private static void addMethods(Cases cases) {
        cases.add("P001", () -> {
            try (Site site = new Site(PLAIN, SOJOURN_DEFAULTS)) {
                Response response = site.request("HEAD", "/", "", (session, exchange) -> {
                    session.set("a", 1);
                    return sendStatus(exchange, 200);
                });
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.setCookies()).hasSize(1);
                assertThat(response.calls()).containsExactly("set");
            }
        });
        cases.add("P002", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response response = site.request("OPTIONS", "/", "", (session, exchange) -> sendStatus(exchange, 204));
                assertThat(response.status()).isEqualTo(204);
                assertThat(response.setCookies()).hasSize(1);
                assertThat(response.calls()).containsExactly("set");
            }
        });
        cases.add("P003", () -> {
            try (Site site = new Site(MINUTE, SOJOURN_DEFAULTS)) {
                Site.Handler handler = (session, exchange) -> {
                    session.set("a", Site.number(session, "a") + 1);
                    return sendStatus(exchange, 304);
                };
                Response first = site.get(handler);
                Response second = site.get(first.cookie(), handler);
                assertThat(first.status()).isEqualTo(304);
                assertThat(first.calls()).containsExactly("set");
                assertThat(second.setCookies()).hasSize(1);
                assertThat(second.calls()).containsExactly("get", "set");
            }
        });
        cases.add("P004", () -> {
            try (Site site = new Site(MINUTE, Sessions.Config::rolling)) {
                Response response = site.get((session, exchange) -> {
                    session.set("a", 1);
                    exchange.getResponseHeaders().set("Location", "/x");
                    return sendStatus(exchange, 302);
                });
                assertThat(response.status()).isEqualTo(302);
                assertThat(response.setCookies()).hasSize(1);
                assertThat(response.calls()).containsExactly("set");
            }
        });
    }

    private static @Nullable String sendStatus(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
        return null;
    }

    private static void addCalls(Cases cases) {
        cases.add("P017", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response response = site.get(session -> {
                    session.set("a", 1);
                    session.save();
                    session.set("a", 2);
                    return "";
                });
                assertThat(response.calls()).containsExactly("set", "set");
                assertThat(site.store.text(response.id())).contains("\"a\":2");
            }
        });
        cases.add("P019", () -> {
            try (Site site = new Site(PLAIN, c -> c.saveUninitialized().resave())) {
                Response first = site.get(EMPTY_RESPONSE);
                assertThat(first.calls()).containsExactly("set");
                assertThat(site.get(first.cookie(), EMPTY_RESPONSE).calls()).containsExactly("get", "set");
            }
        });
        cases.add("P020", () -> {
            try (Site site = new Site(PLAIN, TOUCH_ON_EVERY_READ)) {
                Response first = site.get(EMPTY_RESPONSE);
                Response second = site.get(first.cookie(), EMPTY_RESPONSE);
                assertThat(first.calls()).containsExactly("set");
                assertThat(second.calls()).containsExactly("get", "touch");
                assertThat(second.setCookies()).isEmpty();
            }
        });
        cases.add("P052", () -> {
            try (Site site = new Site(PLAIN, TOUCH_ON_EVERY_READ)) {
                Response first = site.get(ObservedCases::setAttribute);
                Response second = site.get(first.cookie(), session -> {
                    session.set("a", 2);
                    session.reload();
                    return "a=" + session.get("a", Integer.class);
                });
                assertThat(second.body()).isEqualTo("a=1");
                assertThat(second.calls()).containsExactly("get", "get", "touch");
            }
        });
    }

    private static String setAttribute(Session session) {
        session.set("a", 1);
        return "ok";
    }

    private static void addCookies(Cases cases) {
        cases.add(
                "P044",
                () -> assertUnknownIdLoaded("connect.sid=s:" + "apple.D8Y+pkTAmeR0PobOhY4G97PRW+j7bUnP/5m6/On1MCU"));
        cases.add(
                "P045",
                () -> assertUnknownIdLoaded("connect.sid="
                        + Express.tokenFormat(e -> e.existingWeakSecret("keyboard cat"))
                                .write("a.b.c")));
    }

    private static void assertUnknownIdLoaded(String cookie) throws Exception {
        try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
            assertThat(site.get(cookie, EMPTY_RESPONSE).calls()).containsExactly("get", "set");
        }
    }

    private static void addEnds(Cases cases) {
        cases.add("P050", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response response = site.get((session, exchange) -> {
                    session.set("a", 1);
                    exchange.close();
                    return null;
                });
                assertThat(response.headers()).isEmpty();
                assertThat(response.calls()).isEmpty();
                assertThat(site.store.size()).isZero();

                // A client with a cookie may send further requests, which read the change.
                String cookie = site.get(ObservedCases::setAttribute).cookie();
                site.get(cookie, (session, exchange) -> {
                    session.set("a", 2);
                    exchange.close();
                    return null;
                });
                assertThat(site.get(cookie, session -> "" + session.get("a", Integer.class))
                                .body())
                        .isEqualTo("2");
            }
        });
    }

    private static void addRaces(Cases cases) {
        cases.add("P055", () -> {
            try (Site site = new Site(PLAIN, TOUCH_ON_EVERY_READ)) {
                Response first = site.get(ObservedCases::setAttribute);
                Response slow = site.get(first.cookie(), session -> {
                    session.names();
                    Response logout = site.get(first.cookie(), other -> {
                        other.destroy();
                        return "";
                    });
                    assertThat(logout.status()).isEqualTo(200);
                    assertThat(site.store.size()).isZero();
                    return "";
                });
                assertThat(slow.count("touch")).isEqualTo(1);
                assertThat(site.store.size()).isZero();
            }
        });
    }
}
