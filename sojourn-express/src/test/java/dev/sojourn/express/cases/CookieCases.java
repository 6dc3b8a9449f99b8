package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.BEHIND_A_PROXY;
import static dev.sojourn.express.cases.Site.END;
import static dev.sojourn.express.cases.Site.EXPRESS_DEFAULTS;
import static dev.sojourn.express.cases.Site.MINUTE;
import static dev.sojourn.express.cases.Site.PLAIN;
import static dev.sojourn.express.cases.Site.SECURE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieLifetime;
import dev.sojourn.CookiePriority;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.express.ExpressOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The cookie: its attributes, its lifetime, and its stored part. Express's Expires is Max-Age here, equivalent for browsers. */
final class CookieCases {
    private static final Consumer<ExpressOptions> TWO_SECONDS = PLAIN.andThen(e -> e.maxAge(Duration.ofSeconds(2)));

    private CookieCases() {}

    static void add(Cases cases) {
        browserSessions(cases);
        others(cases);
        originalMaxAge(cases);
        settings(cases);
        objects(cases);
    }

    private static void browserSessions(Cases cases) {
        cases.on("S116", () -> {
            try (Site site = new Site(PLAIN.andThen(e -> e.path("/admin")), EXPRESS_DEFAULTS)) {
                Response response = site.request("GET", "/admin", "", END);
                assertThat(response.attribute("Path")).contains("/admin");
                assertThat(response.expires()).isEmpty();
                assertThat(response.attribute("Expires")).isEmpty();
            }
        });
        cases.on("S117", () -> {
            try (Site site = new Site(PLAIN.andThen(e -> e.path("/admin")), EXPRESS_DEFAULTS)) {
                Response first = site.request("GET", "/admin/foo", "", END);
                Response second = site.request("GET", "/admin", first.cookie(), END);
                assertThat(second.status()).isEqualTo(200);
                assertThat(second.setCookies()).isEmpty();
            }
        });
        cases.on("S131", () -> withoutExpiry(session -> ""));
        cases.on("P032", () -> withoutExpiry(session -> ""));
        cases.on("S132", () -> withoutExpiry(session -> ""));
        cases.on(
                "S133",
                () -> withoutExpiry(session -> "" + session.update("hit", Integer.class, n -> n == null ? 1 : n + 1)));
    }

    /** {@code cookie.expires = null} corresponds to a cookie that ends with the browser. */
    private static void withoutExpiry(Site.Page page) throws Exception {
        try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
            Site.Page ending = session -> {
                session.cookie().lifetime(CookieLifetime.browserSession());
                return page.response(session);
            };
            Response first = site.get(ending);
            assertThat(first.expires()).isEmpty();
            Response second = site.as(first.cookie(), ending);
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.setCookies()).isEmpty();
            // Setting it a second time is not a change.
            assertThat(second.sets()).isEqualTo(second.body().isEmpty() ? 0 : 1);
        }
    }

    private static void others(Cases cases) {
        cases.on(
                "S120",
                () -> assertKept((session, exchange) -> {
                    exchange.getResponseHeaders().add("Set-Cookie", "previous=cookieValue; Path=/; HttpOnly");
                    return "";
                }));
        cases.on(
                "S121",
                () -> assertKept((session, exchange) -> {
                    exchange.getResponseHeaders().add("Set-Cookie", "previous=cookieValue");
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                    return null;
                }));
    }

    private static void assertKept(Site.Handler handler) throws Exception {
        try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
            Response response = site.get(handler);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.setCookies()).hasSize(2);
            assertThat(response.setCookies().get(0)).startsWith("previous=cookieValue");
            assertThat(response.line()).isNotEmpty();
        }
    }

    private static String maxAge(Session session) {
        return String.valueOf(session.cookie().lifetime().maxAge().toMillis());
    }

    private static void originalMaxAge(Cases cases) {
        cases.on("S122", () -> {
            try (Site site = new Site(TWO_SECONDS, EXPRESS_DEFAULTS)) {
                assertThat(site.get(CookieCases::maxAge).body()).isEqualTo("2000");
            }
        });
        cases.on("S123", () -> {
            try (Site site = new Site(TWO_SECONDS, EXPRESS_DEFAULTS)) {
                Response first = site.get(CookieCases::maxAge);
                site.clock.advance(Duration.ofMillis(100));
                assertThat(site.as(first.cookie(), CookieCases::maxAge).body()).isEqualTo("2000");
            }
        });
        cases.on("S127", () -> counted(1, 2));
        cases.on("S128", () -> counted(2, 5));
        cases.on("S129", () -> counted(3, 3_000_000));
    }

    /** {@code cookie.maxAge = …} corresponds to the cookie's lifetime and the session's idle timeout. */
    private static void counted(int requests, long seconds) throws Exception {
        try (Site site = new Site(TWO_SECONDS, EXPRESS_DEFAULTS)) {
            Site.Page page = session -> {
                int n = Site.counted(session, "count");
                if (n > 1) {
                    Duration life = n == 2 ? Duration.ofSeconds(5) : Duration.ofSeconds(3_000_000);
                    session.cookie().lifetime(CookieLifetime.of(life));
                    session.idleTimeout(life);
                }
                return "" + n;
            };
            Response last = site.get(page);
            String cookie = last.cookie();
            for (int i = 1; i < requests; i++) {
                last = site.as(cookie, page);
            }
            assertThat(last.body()).isEqualTo("" + requests);
            assertThat(last.attribute("Max-Age")).contains("" + seconds);
        }
    }

    private static void settings(Cases cases) {
        cases.on("S047", () -> {
            AtomicBoolean called = new AtomicBoolean();
            Consumer<ExpressOptions> function = e -> {
                called.set(true);
                e.path("/test").insecureHttp();
            };
            try (Site site = new Site(function, EXPRESS_DEFAULTS)) {
                Response response = site.request("GET", "/test", "", END);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.attribute("Path")).contains("/test");
                assertThat(response.has("HttpOnly")).isTrue();
                assertThat(response.has("Secure")).isFalse();
                assertThat(called).isTrue();
            }
        });
        cases.on("S134", () -> partitioned(MINUTE, EXPRESS_DEFAULTS, false));
        cases.on("S135", () -> partitioned(PLAIN, EXPRESS_DEFAULTS, false));
        cases.on("S136", () -> partitioned(SECURE.andThen(e -> e.partitioned()), BEHIND_A_PROXY, true));
        cases.on("P033", () -> {
            try (Site site = new Site(MINUTE, c -> c.saveUninitialized().rolling())) {
                Response first = site.get(END);
                site.store.edit(
                        first.id(),
                        text -> text.replace("\"originalMaxAge\":60000", "\"originalMaxAge\":1000000")
                                .replace("\"sameSite\":\"lax\"", "\"sameSite\":\"strict\""));
                Response third = site.as(first.cookie(), END);
                assertThat(third.attribute("SameSite")).contains("Strict");
                assertThat(third.attribute("Max-Age")).contains("1000");
            }
        });
    }

    private static void partitioned(
            Consumer<ExpressOptions> options, Consumer<Sessions.Config> config, boolean expected) throws Exception {
        try (Site site = new Site(options, config)) {
            Response response = site.request("GET", "/", "", END, "X-Forwarded-Proto: https");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.has("Partitioned")).isEqualTo(expected);
        }
    }

    /** A cookie object of Express corresponds to the record's field {@code cookie} and the header line here. */
    private static void objects(Cases cases) {
        for (String number : new String[] {"C001", "C006"}) {
            cases.on(number, () -> stored(PLAIN, "\"cookie\":{"));
        }
        cases.on("C002", () -> stored(PLAIN, "\"expires\":null"));
        cases.on("C003", () -> stored(PLAIN, "\"httpOnly\":true"));
        cases.on("C004", () -> stored(PLAIN, "\"path\":\"/\""));
        cases.on("C005", () -> stored(PLAIN, "\"originalMaxAge\":null"));
        cases.on("C012", () -> expiresIn(60_000));
        cases.on("C013", () -> stored(MINUTE, "\"originalMaxAge\":60000"));
        cases.on("C016", () -> stored(SECURE.andThen(e -> e.partitioned()), "\"partitioned\":true"));
        cases.on("C017", () -> stored(PLAIN.andThen(e -> e.path("/foo")), "\"path\":\"/foo\""));
        cases.on("C018", () -> stored(PLAIN.andThen(e -> e.priority(CookiePriority.HIGH)), "\"priority\":\"high\""));
    }

    private static void stored(Consumer<ExpressOptions> options, String expected) throws Exception {
        try (Site site = new Site(options, BEHIND_A_PROXY)) {
            Response response = site.request("GET", "/foo", "", END, "X-Forwarded-Proto: https");
            assertThat(site.store.text(response.id())).contains(expected);
        }
    }

    private static void expiresIn(long millis) throws Exception {
        try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
            Response response = site.get(END);
            Instant expires = SessionCases.storedExpires(site, response.id());
            assertThat(expires)
                    .isCloseTo(
                            response.at().plusMillis(millis),
                            org.assertj.core.api.Assertions.within(1, ChronoUnit.SECONDS));
        }
    }
}
