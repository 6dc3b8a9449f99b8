package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.BEHIND_A_PROXY;
import static dev.sojourn.express.cases.Site.EMPTY_RESPONSE;
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

/**
 * Cases about the cookie: its attributes, its lifetime, and its stored part. Express's Expires is Max-Age here, which is
 * equivalent for browsers.
 */
final class CookieCases {
    private static final Consumer<ExpressOptions> TWO_SECONDS = PLAIN.andThen(e -> e.maxAge(Duration.ofSeconds(2)));

    private CookieCases() {}

    static void addTo(Cases cases) {
        addBrowserSessions(cases);
        addOtherCookies(cases);
        addOriginalMaxAge(cases);
        addSettings(cases);
        addObjects(cases);
    }

    private static void addBrowserSessions(Cases cases) {
        cases.add("S116", () -> {
            try (Site site = new Site(PLAIN.andThen(e -> e.path("/admin")), EXPRESS_DEFAULTS)) {
                Response response = site.request("GET", "/admin", "", EMPTY_RESPONSE);
                assertThat(response.attribute("Path")).contains("/admin");
                assertThat(response.expires()).isEmpty();
                assertThat(response.attribute("Expires")).isEmpty();
            }
        });
        cases.add("S117", () -> {
            try (Site site = new Site(PLAIN.andThen(e -> e.path("/admin")), EXPRESS_DEFAULTS)) {
                Response first = site.request("GET", "/admin/foo", "", EMPTY_RESPONSE);
                Response second = site.request("GET", "/admin", first.cookie(), EMPTY_RESPONSE);
                assertThat(second.status()).isEqualTo(200);
                assertThat(second.setCookies()).isEmpty();
            }
        });
        cases.add("S131", () -> assertWithoutExpiry(session -> ""));
        cases.add("P032", () -> assertWithoutExpiry(session -> ""));
        cases.add("S132", () -> assertWithoutExpiry(session -> ""));
        cases.add(
                "S133",
                () -> assertWithoutExpiry(
                        session -> "" + session.update("hit", Integer.class, n -> n == null ? 1 : n + 1)));
    }

    /** {@code cookie.expires = null} corresponds to a cookie that ends with the browser. */
    private static void assertWithoutExpiry(Site.Page page) throws Exception {
        try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
            Site.Page ending = session -> {
                session.cookie().lifetime(CookieLifetime.browserSession());
                return page.response(session);
            };
            Response first = site.get(ending);
            assertThat(first.expires()).isEmpty();
            Response second = site.get(first.cookie(), ending);
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.setCookies()).isEmpty();
            // Setting it a second time is not a change.
            assertThat(second.sets()).isEqualTo(second.body().isEmpty() ? 0 : 1);
        }
    }

    private static void addOtherCookies(Cases cases) {
        cases.add(
                "S120",
                () -> assertOtherCookieKept((session, exchange) -> {
                    exchange.getResponseHeaders().add("Set-Cookie", "previous=cookieValue; Path=/; HttpOnly");
                    return "";
                }));
        cases.add(
                "S121",
                () -> assertOtherCookieKept((session, exchange) -> {
                    exchange.getResponseHeaders().add("Set-Cookie", "previous=cookieValue");
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                    return null;
                }));
    }

    private static void assertOtherCookieKept(Site.Handler handler) throws Exception {
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

    private static void addOriginalMaxAge(Cases cases) {
        cases.add("S122", () -> {
            try (Site site = new Site(TWO_SECONDS, EXPRESS_DEFAULTS)) {
                assertThat(site.get(CookieCases::maxAge).body()).isEqualTo("2000");
            }
        });
        cases.add("S123", () -> {
            try (Site site = new Site(TWO_SECONDS, EXPRESS_DEFAULTS)) {
                Response first = site.get(CookieCases::maxAge);
                site.clock.advance(Duration.ofMillis(100));
                assertThat(site.get(first.cookie(), CookieCases::maxAge).body()).isEqualTo("2000");
            }
        });
        cases.add("S127", () -> assertLifetime(1, 2));
        cases.add("S128", () -> assertLifetime(2, 5));
        cases.add("S129", () -> assertLifetime(3, 3_000_000));
    }

    /** {@code cookie.maxAge = …} corresponds to the cookie's lifetime and the session's idle timeout. */
    private static void assertLifetime(int requests, long seconds) throws Exception {
        try (Site site = new Site(TWO_SECONDS, EXPRESS_DEFAULTS)) {
            Site.Page page = session -> {
                int n = Site.increment(session, "count");
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
                last = site.get(cookie, page);
            }
            assertThat(last.body()).isEqualTo("" + requests);
            assertThat(last.attribute("Max-Age")).contains("" + seconds);
        }
    }

    private static void addSettings(Cases cases) {
        cases.add("S047", () -> {
            AtomicBoolean called = new AtomicBoolean();
            Consumer<ExpressOptions> function = e -> {
                called.set(true);
                e.path("/test").insecureHttp();
            };
            try (Site site = new Site(function, EXPRESS_DEFAULTS)) {
                Response response = site.request("GET", "/test", "", EMPTY_RESPONSE);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.attribute("Path")).contains("/test");
                assertThat(response.has("HttpOnly")).isTrue();
                assertThat(response.has("Secure")).isFalse();
                assertThat(called).isTrue();
            }
        });
        cases.add("S134", () -> assertPartitioned(MINUTE, EXPRESS_DEFAULTS, false));
        cases.add("S135", () -> assertPartitioned(PLAIN, EXPRESS_DEFAULTS, false));
        cases.add("S136", () -> assertPartitioned(SECURE.andThen(e -> e.partitioned()), BEHIND_A_PROXY, true));
        cases.add("P033", () -> {
            try (Site site = new Site(MINUTE, c -> c.saveUninitialized().rolling())) {
                Response first = site.get(EMPTY_RESPONSE);
                site.store.edit(
                        first.id(),
                        text -> text.replace("\"originalMaxAge\":60000", "\"originalMaxAge\":1000000")
                                .replace("\"sameSite\":\"lax\"", "\"sameSite\":\"strict\""));
                Response third = site.get(first.cookie(), EMPTY_RESPONSE);
                assertThat(third.attribute("SameSite")).contains("Strict");
                assertThat(third.attribute("Max-Age")).contains("1000");
            }
        });
    }

    private static void assertPartitioned(
            Consumer<ExpressOptions> options, Consumer<Sessions.Config> config, boolean expected) throws Exception {
        try (Site site = new Site(options, config)) {
            Response response = site.request("GET", "/", "", EMPTY_RESPONSE, "X-Forwarded-Proto: https");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.has("Partitioned")).isEqualTo(expected);
        }
    }

    /** A cookie object of Express corresponds to the record's field {@code cookie} and the header line here. */
    private static void addObjects(Cases cases) {
        for (String number : new String[] {"C001", "C006"}) {
            cases.add(number, () -> assertStored(PLAIN, "\"cookie\":{"));
        }
        cases.add("C002", () -> assertStored(PLAIN, "\"expires\":null"));
        cases.add("C003", () -> assertStored(PLAIN, "\"httpOnly\":true"));
        cases.add("C004", () -> assertStored(PLAIN, "\"path\":\"/\""));
        cases.add("C005", () -> assertStored(PLAIN, "\"originalMaxAge\":null"));
        cases.add("C012", () -> assertStoredExpiry(60_000));
        cases.add("C013", () -> assertStored(MINUTE, "\"originalMaxAge\":60000"));
        cases.add("C016", () -> assertStored(SECURE.andThen(e -> e.partitioned()), "\"partitioned\":true"));
        cases.add("C017", () -> assertStored(PLAIN.andThen(e -> e.path("/foo")), "\"path\":\"/foo\""));
        cases.add(
                "C018",
                () -> assertStored(PLAIN.andThen(e -> e.priority(CookiePriority.HIGH)), "\"priority\":\"high\""));
    }

    private static void assertStored(Consumer<ExpressOptions> options, String expected) throws Exception {
        try (Site site = new Site(options, BEHIND_A_PROXY)) {
            Response response = site.request("GET", "/foo", "", EMPTY_RESPONSE, "X-Forwarded-Proto: https");
            assertThat(site.store.text(response.id())).contains(expected);
        }
    }

    private static void assertStoredExpiry(long millis) throws Exception {
        try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
            Response response = site.get(EMPTY_RESPONSE);
            Instant expires = SessionCases.storedExpires(site, response.id());
            assertThat(expires)
                    .isCloseTo(
                            response.at().plusMillis(millis),
                            org.assertj.core.api.Assertions.within(1, ChronoUnit.SECONDS));
        }
    }
}
