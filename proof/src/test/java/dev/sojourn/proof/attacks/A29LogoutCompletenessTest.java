package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieLifetime;
import dev.sojourn.CookieOptions;
import dev.sojourn.CookiePriority;
import dev.sojourn.SameSite;
import dev.sojourn.proof.site.CookieJar;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class A29LogoutCompletenessTest {
    private static final String HOST = "www.example.com";
    private static final String TOP_LEVEL_SITE = "https://embedding.example";

    enum Configured {
        DEFAULT,
        DOMAIN,
        PATH,
        DOMAIN_AND_PATH,
        PARTITIONED,
        STRICT,
        PERSISTENT,
        AS_LONG_AS_THE_SESSION,
        INSECURE;

        private CookieOptions applyTo(CookieOptions k) {
            return switch (this) {
                case DEFAULT -> k;
                case DOMAIN -> k.domain("example.com");
                case PATH -> k.path("/app");
                case DOMAIN_AND_PATH -> k.domain("example.com").path("/app/");
                case PARTITIONED -> k.partitioned().sameSite(SameSite.NONE);
                case STRICT -> k.sameSite(SameSite.STRICT).priority(CookiePriority.HIGH);
                case PERSISTENT -> k.lifetime(CookieLifetime.of(Duration.ofDays(30)));
                case AS_LONG_AS_THE_SESSION -> k.name("sid").lifetime(CookieLifetime.session());
                case INSECURE -> k.insecureHttp();
            };
        }
    }

    /** A browser of an https site behind a trusted proxy. */
    private static final class Browser {
        private final CookieJar jar = new CookieJar();
        private final Site site;

        Browser(Site site) {
            this.site = site;
        }

        RawResponse get(String path) {
            String cookie = jar.header(HOST, path, TOP_LEVEL_SITE).orElse("X-No-Cookie: 1");
            RawResponse response = site.request("GET", path, HOST, "X-Forwarded-Proto: https", cookie);
            jar.receive(HOST, path, TOP_LEVEL_SITE, response.cookies());
            return response;
        }
    }

    private static Map<String, String> attributesOf(RawResponse response) {
        Map<String, String> attributes = new LinkedHashMap<>(
                CookieJar.parse(response.cookies().get(response.cookies().size() - 1))
                        .orElseThrow()
                        .attributes());
        attributes.remove("max-age");
        attributes.remove("expires");
        return attributes;
    }

    private static Site site(Configured configured) {
        Site site = Site.onTwoNodes(c -> c.trustedProxies("127.0.0.1").cookie(configured::applyTo));
        site.addPage("/app/begin", (session, exchange) -> {
            session.set("a", "x");
            return "ok";
        });
        site.addPage("/app/strict", (session, exchange) -> {
            session.cookie().sameSite(SameSite.STRICT);
            session.cookie().lifetime(CookieLifetime.of(Duration.ofDays(7)));
            return "ok";
        });
        site.addPage("/app/login", (session, exchange) -> {
            session.login("alice");
            return "ok";
        });
        site.addPage("/app/read", (session, exchange) -> String.valueOf(session.get("a", Object.class)));
        site.addPage("/app/logout", (session, exchange) -> {
            session.destroy();
            return "ok";
        });
        return site;
    }

    @ParameterizedTest
    @EnumSource
    void after_a_logout_the_browser_has_no_cookie_and_the_old_one_opens_nothing(Configured configured) {
        try (Site site = site(configured)) {
            Browser browser = new Browser(site);
            RawResponse set = browser.get("/app/begin");
            assertThat(browser.jar.size()).isEqualTo(1);
            assertThat(browser.get("/app/read").body()).isEqualTo("x");
            browser.get("/app/login");
            assertThat(browser.jar.size()).isEqualTo(1);
            String kept = browser.jar.header(HOST, "/app/read", TOP_LEVEL_SITE).orElseThrow();
            RawResponse cleared = browser.get("/app/logout");
            assertThat(attributesOf(cleared)).isEqualTo(attributesOf(set));
            assertThat(browser.jar.size()).isZero();
            assertThat(site.request("GET", "/app/read", HOST, "X-Forwarded-Proto: https", kept)
                            .body())
                    .isEqualTo("null");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_cookie_of_a_session_with_its_own_settings_is_cleared_with_those(Configured configured) {
        try (Site site = site(configured)) {
            Browser browser = new Browser(site);
            browser.get("/app/begin");
            RawResponse set = browser.get("/app/strict");
            assertThat(browser.jar.size()).isEqualTo(1);
            RawResponse cleared = browser.get("/app/logout");
            assertThat(attributesOf(cleared)).isEqualTo(attributesOf(set));
            assertThat(cleared.cookies().get(cleared.cookies().size() - 1)).contains("SameSite=Strict");
            assertThat(browser.jar.size()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_expired_session_clears_the_browsers_cookie(Configured configured) {
        try (Site site = site(configured)) {
            Browser browser = new Browser(site);
            browser.get("/app/begin");
            site.clock().advance(Duration.ofHours(1));
            assertThat(browser.get("/app/read").body()).isEqualTo("null");
            assertThat(browser.jar.size()).isZero();
        }
    }
}
