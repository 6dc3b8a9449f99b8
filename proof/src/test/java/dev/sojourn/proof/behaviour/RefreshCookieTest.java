package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.CookieJar;
import dev.sojourn.proof.site.CookieJar.Cookie;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.TokenSite;
import dev.sojourn.proof.site.TokenSite.Tokens;
import dev.sojourn.proof.site.ViewSite;
import dev.sojourn.spi.StoreException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The refresh token of browsers in a cookie, over real sockets. */
class RefreshCookieTest {
    private static final Duration LATER = Duration.ofMinutes(4);

    private static RawResponse refresh(TokenSite site, String token) {
        return site.get("/refresh-from-cookie", TokenSite.cookie(token));
    }

    @Test
    void the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_lasts_as_long_as_the_session() {
        try (TokenSite site = new TokenSite()) {
            RawResponse response = site.get("/login-in-cookie?alice");

            assertThat(Tokens.of(response).refresh()).isNull();
            Cookie cookie = CookieJar.parse(response.cookies().get(0)).orElseThrow();
            assertThat(cookie.name()).isEqualTo("__Host-refresh");
            assertThat(cookie.attribute("samesite")).isEqualTo("Strict");
            assertThat(cookie.attribute("path")).isEqualTo("/");
            assertThat(cookie.attribute("max-age"))
                    .isEqualTo(String.valueOf(Duration.ofDays(30).toSeconds()));
            assertThat(cookie.has("httponly")).isTrue();
            assertThat(cookie.has("secure")).isTrue();
            assertThat(response.header("Cache-Control")).contains("no-store");
            assertThat(response.cookies()).hasSize(1);
        }
    }

    @Test
    void a_refresh_replaces_the_cookie_and_a_second_tab_gets_the_very_same_one() {
        try (TokenSite site = new TokenSite()) {
            String first = site.get("/login-in-cookie?alice").token();
            site.clock().advance(LATER);

            RawResponse one = refresh(site, first);
            RawResponse two = refresh(site, first);

            assertThat(one.token()).isNotEqualTo(first).isEqualTo(two.token());
            assertThat(one.header("Cache-Control")).contains("no-store");
            assertThat(one.header("Vary")).contains("Cookie");
            assertThat(site.getAs(Tokens.of(two).access(), "/view").body()).isEqualTo("alice user");
        }
    }

    @Test
    void the_cookie_alone_opens_no_session_and_no_view() {
        try (TokenSite site = new TokenSite()) {
            String token = site.get("/login-in-cookie?alice").token();
            site.store().clearCalls();

            assertThat(site.get("/session", TokenSite.cookie(token)).body()).isEqualTo("null");
            assertThat(site.get("/view", TokenSite.cookie(token)).body()).isEqualTo("null null");
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void only_the_request_that_ends_the_session_removes_the_cookie() {
        try (TokenSite site = new TokenSite()) {
            String first = site.get("/login-in-cookie?alice").token();
            site.clock().advance(LATER);
            String second = refresh(site, first).token();
            site.clock().advance(LATER);

            RawResponse ending = refresh(site, first);
            RawResponse late = refresh(site, second);

            assertThat(ending.status()).isEqualTo(401);
            assertThat(ending.cookies()).hasSize(1);
            assertThat(ending.cookies().get(0)).startsWith("__Host-refresh=;").contains("Max-Age=0");
            assertThat(late.status()).isEqualTo(401);
            assertThat(late.cookies()).isEmpty();
        }
    }

    @Test
    void a_failure_leaves_the_cookie_alone() {
        try (TokenSite site = new TokenSite()) {
            String token = site.get("/login-in-cookie?alice").token();
            site.clock().advance(LATER);
            site.store().failBefore("load", () -> StoreException.notDone("down", null));

            RawResponse response = refresh(site, token);

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.cookies()).isEmpty();
            site.store().clearFailures();
            assertThat(refresh(site, token).status()).isEqualTo(200);
        }
    }

    @Test
    void a_logout_removes_the_cookie_of_its_own_session_only() {
        try (TokenSite site = new TokenSite()) {
            RawResponse one = site.get("/login-in-cookie?alice");
            RawResponse other = site.get("/login-in-cookie?alice");
            String access = ViewSite.bearer(Tokens.of(one).access());

            RawResponse mixed = site.get("/logout", access, TokenSite.cookie(other.token()));
            RawResponse own =
                    site.get("/logout", ViewSite.bearer(Tokens.of(other).access()), TokenSite.cookie(other.token()));

            assertThat(mixed.status()).isEqualTo(200);
            assertThat(mixed.cookies()).isEmpty();
            assertThat(own.cookies()).hasSize(1);
            assertThat(own.cookies().get(0)).startsWith("__Host-refresh=;");
        }
    }

    @Test
    void several_cookies_or_none_are_refused() {
        try (TokenSite site = new TokenSite()) {
            String token = site.get("/login-in-cookie?alice").token();
            site.clock().advance(LATER);
            String twice = TokenSite.cookie(token) + "; __Host-refresh=" + token;

            for (RawResponse response :
                    java.util.List.of(site.get("/refresh-from-cookie", twice), site.get("/refresh-from-cookie"))) {
                assertThat(response.status()).isEqualTo(401);
                assertThat(response.cookies()).isEmpty();
            }
            assertThat(refresh(site, token).status()).isEqualTo(200);
        }
    }

    @Test
    void a_session_may_have_its_own_cookie_lifetime() {
        try (TokenSite site = new TokenSite()) {
            site.addPage("/login-for-an-hour", exchange -> {
                var session = dev.sojourn.jdkhttp.Sojourn.session(exchange);
                session.login("alice");
                session.cookie().lifetime(dev.sojourn.CookieLifetime.of(Duration.ofHours(1)));
                return site.tokens().issueInCookie(session).toJson();
            });

            RawResponse login = site.get("/login-for-an-hour");
            site.clock().advance(LATER);
            RawResponse refreshed = refresh(site, login.token());

            assertThat(login.cookies().get(0)).contains("Max-Age=3600;");
            assertThat(refreshed.cookies().get(0)).contains("Max-Age=3600;");
        }
    }
}
