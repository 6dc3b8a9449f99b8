package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.END;
import static dev.sojourn.express.cases.Site.EXPRESS_DEFAULTS;
import static dev.sojourn.express.cases.Site.MINUTE;
import static dev.sojourn.express.cases.Site.PLAIN;
import static dev.sojourn.express.cases.Site.TOUCHING;
import static dev.sojourn.express.cases.Site.USUAL;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Observed behaviour of Express that its own tests do not cover. */
final class ObservedCases {
    private ObservedCases() {}

    static void add(Cases cases) {
        methods(cases);
        calls(cases);
        cookies(cases);
        ends(cases);
        races(cases);
    }

    private static void methods(Cases cases) {
        cases.on("P001", () -> {
            try (Site site = new Site(PLAIN, USUAL)) {
                Response response = site.request("HEAD", "/", "", (session, exchange) -> {
                    session.set("a", 1);
                    return status(exchange, 200);
                });
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.setCookies()).hasSize(1);
                assertThat(response.calls()).containsExactly("set");
            }
        });
        cases.on("P002", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response response = site.request("OPTIONS", "/", "", (session, exchange) -> status(exchange, 204));
                assertThat(response.status()).isEqualTo(204);
                assertThat(response.setCookies()).hasSize(1);
                assertThat(response.calls()).containsExactly("set");
            }
        });
        cases.on("P003", () -> {
            try (Site site = new Site(MINUTE, USUAL)) {
                Site.Handler handler = (session, exchange) -> {
                    session.set("a", Site.number(session, "a") + 1);
                    return status(exchange, 304);
                };
                Response first = site.get(handler);
                Response second = site.as(first.cookie(), handler);
                assertThat(first.status()).isEqualTo(304);
                assertThat(first.calls()).containsExactly("set");
                assertThat(second.setCookies()).hasSize(1);
                assertThat(second.calls()).containsExactly("get", "set");
            }
        });
        cases.on("P004", () -> {
            try (Site site = new Site(MINUTE, Sessions.Config::rolling)) {
                Response response = site.get((session, exchange) -> {
                    session.set("a", 1);
                    exchange.getResponseHeaders().set("Location", "/x");
                    return status(exchange, 302);
                });
                assertThat(response.status()).isEqualTo(302);
                assertThat(response.setCookies()).hasSize(1);
                assertThat(response.calls()).containsExactly("set");
            }
        });
    }

    private static @Nullable String status(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
        return null;
    }

    private static void calls(Cases cases) {
        cases.on("P017", () -> {
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
        cases.on("P019", () -> {
            try (Site site = new Site(PLAIN, c -> c.saveUninitialized().resave())) {
                Response first = site.get(END);
                assertThat(first.calls()).containsExactly("set");
                assertThat(site.as(first.cookie(), END).calls()).containsExactly("get", "set");
            }
        });
        cases.on("P020", () -> {
            try (Site site = new Site(PLAIN, TOUCHING)) {
                Response first = site.get(END);
                Response second = site.as(first.cookie(), END);
                assertThat(first.calls()).containsExactly("set");
                assertThat(second.calls()).containsExactly("get", "touch");
                assertThat(second.setCookies()).isEmpty();
            }
        });
        cases.on("P052", () -> {
            try (Site site = new Site(PLAIN, TOUCHING)) {
                Response first = site.get(ObservedCases::one);
                Response second = site.as(first.cookie(), session -> {
                    session.set("a", 2);
                    session.reload();
                    return "a=" + session.get("a", Integer.class);
                });
                assertThat(second.body()).isEqualTo("a=1");
                assertThat(second.calls()).containsExactly("get", "get", "touch");
            }
        });
    }

    private static String one(Session session) {
        session.set("a", 1);
        return "ok";
    }

    private static void cookies(Cases cases) {
        cases.on("P044", () -> unknown("connect.sid=s:" + "apple.D8Y+pkTAmeR0PobOhY4G97PRW+j7bUnP/5m6/On1MCU"));
        cases.on(
                "P045",
                () -> unknown("connect.sid="
                        + Express.tokenFormat(e -> e.existingWeakSecret("keyboard cat"))
                                .write("a.b.c")));
    }

    private static void unknown(String cookie) throws Exception {
        try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
            assertThat(site.as(cookie, END).calls()).containsExactly("get", "set");
        }
    }

    private static void ends(Cases cases) {
        cases.on("P050", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response response = site.get((session, exchange) -> {
                    session.set("a", 1);
                    exchange.close();
                    return null;
                });
                assertThat(response.headers()).isEmpty();
                assertThat(response.calls()).isEmpty();
                assertThat(site.store.size()).isZero();

                // A client with a cookie may return, and finds the change.
                String cookie = site.get(ObservedCases::one).cookie();
                site.as(cookie, (session, exchange) -> {
                    session.set("a", 2);
                    exchange.close();
                    return null;
                });
                assertThat(site.as(cookie, session -> "" + session.get("a", Integer.class))
                                .body())
                        .isEqualTo("2");
            }
        });
    }

    private static void races(Cases cases) {
        cases.on("P055", () -> {
            try (Site site = new Site(PLAIN, TOUCHING)) {
                Response first = site.get(ObservedCases::one);
                Response slow = site.as(first.cookie(), session -> {
                    session.names();
                    Response logout = site.as(first.cookie(), other -> {
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
