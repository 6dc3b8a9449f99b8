package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieLifetime;
import dev.sojourn.CookieOptions;
import dev.sojourn.CookiePriority;
import dev.sojourn.SameSite;
import dev.sojourn.proof.site.CookieJar;
import dev.sojourn.proof.site.Reply;
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

        Reply go(String path) {
            String cookie = jar.header(HOST, path, TOP_LEVEL_SITE).orElse("X-No-Cookie: 1");
            Reply reply = site.request("GET", path, HOST, "X-Forwarded-Proto: https", cookie);
            jar.receive(HOST, path, TOP_LEVEL_SITE, reply.cookies());
            return reply;
        }
    }

    private static Map<String, String> attributesOf(Reply reply) {
        Map<String, String> attributes = new LinkedHashMap<>(
                CookieJar.parse(reply.cookies().get(reply.cookies().size() - 1))
                        .orElseThrow()
                        .attributes());
        attributes.remove("max-age");
        attributes.remove("expires");
        return attributes;
    }

    private static Site site(Configured configured) {
        Site site = new Site(c -> c.trustedProxies("127.0.0.1").cookie(configured::applyTo));
        site.page("/app/begin", (session, exchange) -> {
            session.set("a", "x");
            return "ok";
        });
        site.page("/app/strict", (session, exchange) -> {
            session.cookie().sameSite(SameSite.STRICT);
            session.cookie().lifetime(CookieLifetime.of(Duration.ofDays(7)));
            return "ok";
        });
        site.page("/app/login", (session, exchange) -> {
            session.login("alice");
            return "ok";
        });
        site.page("/app/read", (session, exchange) -> String.valueOf(session.get("a", Object.class)));
        site.page("/app/logout", (session, exchange) -> {
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
            Reply set = browser.go("/app/begin");
            assertThat(browser.jar.size()).isEqualTo(1);
            assertThat(browser.go("/app/read").body()).isEqualTo("x");
            browser.go("/app/login");
            assertThat(browser.jar.size()).isEqualTo(1);
            String kept = browser.jar.header(HOST, "/app/read", TOP_LEVEL_SITE).orElseThrow();
            Reply cleared = browser.go("/app/logout");
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
            browser.go("/app/begin");
            Reply set = browser.go("/app/strict");
            assertThat(browser.jar.size()).isEqualTo(1);
            Reply cleared = browser.go("/app/logout");
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
            browser.go("/app/begin");
            site.clock().advance(Duration.ofHours(1));
            assertThat(browser.go("/app/read").body()).isEqualTo("null");
            assertThat(browser.jar.size()).isZero();
        }
    }
}
