package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.Requests;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TransportsTest {
    private static final String HEADER = "X-Session";
    private static final String EXPOSE = "Access-Control-Expose-Headers";

    private static Site withHeader() {
        return new Site(c -> c.transport(Transports.header(HEADER)));
    }

    private static Site withBearer() {
        return new Site(c -> c.transport(Transports.bearer()));
    }

    private static Site withChain() {
        return new Site(c -> c.transport(Transports.cookie(), Transports.header(HEADER), Transports.bearer()));
    }

    private static String tokenIn(RawResponse response, String header) {
        assertThat(response.cookies()).isEmpty();
        String token = response.header(header).orElseThrow();
        assertThat(token).isNotEmpty();
        return token;
    }

    @Test
    void a_header_client_receives_and_sends_its_token_in_the_header() {
        try (Site site = withHeader()) {
            RawResponse created = site.get("/set?x");
            String token = tokenIn(created, HEADER);
            assertThat(created.header(EXPOSE)).hasValue(HEADER);
            assertThat(created.header("Cache-Control")).hasValue("no-store");
            RawResponse read = site.get("/read", HEADER + ": " + token);
            assertThat(read.body()).isEqualTo("x");
            assertThat(read.header(HEADER)).isEmpty();
            assertThat(read.header("Vary")).hasValue(HEADER);
            assertThat(site.get("/read", Site.cookie(token)).body()).isEqualTo("null");
        }
    }

    @Test
    void a_login_with_the_header_transport_sends_a_new_token_and_a_logout_an_empty_one() {
        try (Site site = withHeader()) {
            String first = tokenIn(site.get("/set?x"), HEADER);
            String second = tokenIn(site.get("/login?alice", HEADER + ": " + first), HEADER);
            assertThat(second).isNotEqualTo(first);
            assertThat(site.get("/subject", HEADER + ": " + second).body()).isEqualTo("alice");
            RawResponse bye = site.get("/logout", HEADER + ": " + second);
            assertThat(bye.header(HEADER)).hasValue("");
            assertThat(bye.header(EXPOSE)).hasValue(HEADER);
            assertThat(site.get("/subject", HEADER + ": " + second).body()).isEqualTo("null");
        }
    }

    @Test
    void an_expired_session_sends_an_empty_header() {
        try (Site site = withHeader()) {
            String token = tokenIn(site.get("/set?x"), HEADER);
            site.clock().advance(Duration.ofHours(1));
            assertThat(site.get("/read", HEADER + ": " + token).header(HEADER)).hasValue("");
        }
    }

    @Test
    void an_empty_header_is_not_a_token() {
        try (Site site = withHeader()) {
            assertThat(site.get("/read", HEADER + ":").body()).isEqualTo("null");
            assertThat(site.listener().names()).isEmpty();
        }
    }

    @Test
    void the_applications_exposed_headers_are_kept() {
        try (Site site = withHeader()) {
            site.addPage("/own", (session, exchange) -> {
                exchange.getResponseHeaders().set(EXPOSE, "X-Total");
                session.set("a", "x");
                return "ok";
            });
            assertThat(String.join(", ", site.get("/own").headers(EXPOSE))).isEqualTo("X-Total, " + HEADER);
        }
    }

    @Test
    void plain_http_is_accepted_if_no_cookie_is_involved() {
        try (Site site = withHeader()) {
            assertThat(site.request("GET", "/set?x", "app.example.com").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_bearer_client_sends_authorization_and_receives_tokens_in_the_documented_header() {
        try (Site site = withBearer()) {
            RawResponse created = site.get("/set?x");
            String token = tokenIn(created, Transports.BEARER_RESPONSE_HEADER);
            assertThat(created.header(EXPOSE)).hasValue(Transports.BEARER_RESPONSE_HEADER);
            RawResponse read = site.get("/read", "Authorization: Bearer " + token);
            assertThat(read.body()).isEqualTo("x");
            assertThat(read.header("Vary")).hasValue("Authorization");
            assertThat(site.get("/read", "authorization: bearer " + token).body())
                    .isEqualTo("x");
            assertThat(site.get("/logout", "Authorization: Bearer " + token).header(Transports.BEARER_RESPONSE_HEADER))
                    .hasValue("");
        }
    }

    @Test
    void other_authorization_schemes_are_ignored() {
        try (Site site = withBearer()) {
            String token = tokenIn(site.get("/set?x"), Transports.BEARER_RESPONSE_HEADER);
            for (String value : new String[] {"Basic " + token, token, "Bearer", "Bearer" + token, "Digest x"}) {
                assertThat(site.get("/read", "Authorization: " + value).body()).isEqualTo("null");
            }
            assertThat(site.listener().names()).doesNotContain("tokenRefused");
        }
    }

    @Test
    void a_chain_sends_a_new_session_by_its_first_transport() {
        try (Site site = withChain()) {
            RawResponse created = site.get("/set?x");
            assertThat(created.cookies()).hasSize(1);
            assertThat(created.header(HEADER)).isEmpty();
            assertThat(created.header(Transports.BEARER_RESPONSE_HEADER)).isEmpty();
        }
    }

    @Test
    void a_chain_responds_by_the_transport_of_the_request() {
        try (Site site = withChain()) {
            String token = site.get("/set?x").token();
            String second = tokenIn(site.get("/change-id", HEADER + ": " + token), HEADER);
            String third = tokenIn(
                    site.get("/change-id", "Authorization: Bearer " + second), Transports.BEARER_RESPONSE_HEADER);
            RawResponse bye = site.get("/logout", "Authorization: Bearer " + third);
            assertThat(bye.cookies()).isEmpty();
            assertThat(bye.header(Transports.BEARER_RESPONSE_HEADER)).hasValue("");
        }
    }

    @Test
    void a_chain_varies_on_all_of_its_headers() {
        try (Site site = withChain()) {
            assertThat(String.join(", ", site.get("/read").headers("Vary")))
                    .isEqualTo("Cookie, " + HEADER + ", Authorization");
        }
    }

    @Test
    void two_different_valid_tokens_in_one_request_are_ignored_and_reported() {
        try (Site site = withChain()) {
            String one = site.get("/set?x").token();
            String other = site.startSession("y");
            site.store().clearCalls();
            RawResponse response = site.get("/read", Site.cookie(one), HEADER + ": " + other);
            assertThat(response.body()).isEqualTo("null");
            assertThat(response.cookies()).isEmpty();
            assertThat(site.store().calls()).containsExactly("load", "load");
            assertThat(site.listener().single("tokenRefused").details()).contains(TokenRefusal.AMBIGUOUS);
        }
    }

    @Test
    void a_login_with_two_different_valid_tokens_leaves_the_client_with_one() {
        try (Site site = withChain()) {
            String one = site.get("/set?x").token();
            String other = site.startSession("y");
            RawResponse response = site.get("/login?alice", Site.cookie(one), HEADER + ": " + other);
            assertThat(response.header(HEADER)).hasValue("");
            assertThat(site.getAs(response.token(), "/subject").body()).isEqualTo("alice");
        }
    }

    @Test
    void a_logout_with_two_different_valid_tokens_ends_both_sessions() {
        try (Site site = withChain()) {
            String one = site.get("/login?alice").token();
            String other = site.get("/login?bob").token();
            RawResponse response = site.get("/logout", Site.cookie(one), HEADER + ": " + other);
            assertThat(response.header(HEADER)).hasValue("");
            assertThat(response.cookies()).singleElement().asString().startsWith("__Host-id=;");
            assertThat(site.getAs(one, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(other, "/subject").body()).isEqualTo("null");
        }
    }

    @Test
    void the_same_token_by_two_transports_counts_once() {
        try (Site site = withChain()) {
            String token = site.startSession("x");
            assertThat(site.get("/read", Site.cookie(token), HEADER + ": " + token)
                            .body())
                    .isEqualTo("x");
            assertThat(site.listener().names()).isEmpty();
        }
    }

    @Test
    void a_valid_token_of_a_later_transport_wins_over_a_forged_one_of_an_earlier() {
        try (Site site = withChain()) {
            String token = site.startSession("x");
            assertThat(site.get("/read", Site.cookie("forged"), "Authorization: Bearer " + token)
                            .body())
                    .isEqualTo("x");
        }
    }

    @Test
    void a_cookie_with_a_path_is_neither_read_nor_sent_on_other_paths() {
        try (Site site = new Site(c -> c.cookie(k -> k.path("/app")))) {
            site.addPage("/app/set", (session, exchange) -> {
                session.set("a", "x");
                return "ok";
            });
            String token = site.get("/app/set").token();
            assertThat(site.get("/read", "Cookie: __Secure-id=" + token).body()).isEqualTo("null");
            assertThat(site.get("/set?x").status()).isEqualTo(500);
        }
    }

    /** The proxy serves /shop/set from this application's /set. */
    @Test
    void the_public_path_becomes_the_cookie_path_and_does_not_restrict_request_paths() {
        try (Site site = new Site(c -> c.cookie(k -> k.publicPath("/shop")))) {
            RawResponse created = site.get("/set?x");
            String cookie = created.header("Set-Cookie").orElseThrow();
            assertThat(cookie).startsWith("__Secure-id=").contains("; Path=/shop;");
            String pair = cookie.substring(0, cookie.indexOf(';'));
            assertThat(site.get("/read", "Cookie: " + pair).body()).isEqualTo("x");
            assertThat(site.get("/logout", "Cookie: " + pair)
                            .header("Set-Cookie")
                            .orElseThrow())
                    .contains("; Path=/shop;")
                    .contains("Max-Age=0");
        }
    }

    // ---- cookies for the web and bearer tokens for mobile clients, in one application

    private static Site forWebAndMobile() {
        return new Site(c -> c.transport(Transports.cookie(), Transports.bearer())
                        .newTokensBy(Transports.bearer(), Requests.below("/api"))
                        .newTokensBy(Transports.bearer(), Requests.withHeader("X-App")))
                .serveEveryPath((session, exchange) -> {
                    if (!Site.query(exchange).isEmpty()) {
                        session.login(Site.query(exchange));
                    }
                    return String.valueOf(session.subject());
                });
    }

    @Test
    void new_tokens_by_path_sends_headers_to_mobile_clients_and_cookies_to_browsers() {
        try (Site site = forWebAndMobile()) {
            for (String path :
                    new String[] {"/api/login?alice", "/api;x/login?alice", "/%61pi/login?alice", "/API?alice"}) {
                String token = tokenIn(site.get(path), Transports.BEARER_RESPONSE_HEADER);
                assertThat(site.get("/api/me", "Authorization: Bearer " + token).body())
                        .isEqualTo("alice");
                assertThat(site.get("/elsewhere", "Authorization: Bearer " + token)
                                .body())
                        .isEqualTo("alice");
            }
            RawResponse web = site.get("/login?alice");
            assertThat(web.header(Transports.BEARER_RESPONSE_HEADER)).isEmpty();
            assertThat(site.getAs(web.token(), "/api/me").body()).isEqualTo("alice");
        }
    }

    @Test
    void new_tokens_can_be_chosen_by_a_request_header() {
        try (Site site = forWebAndMobile()) {
            String token = tokenIn(site.get("/login?alice", "X-App: 7"), Transports.BEARER_RESPONSE_HEADER);
            assertThat(site.get("/me", "Authorization: Bearer " + token).body()).isEqualTo("alice");
        }
    }

    @Test
    void a_signed_in_browser_never_receives_its_token_in_a_header_readable_by_scripts() {
        try (Site site = forWebAndMobile()) {
            String token = site.get("/login?alice").token();
            RawResponse again = site.get("/api/login?alice", Site.cookie(token), "X-App: 7");
            assertThat(again.header(Transports.BEARER_RESPONSE_HEADER)).isEmpty();
            assertThat(site.getAs(again.token(), "/me").body()).isEqualTo("alice");
        }
    }

    @Test
    void a_mobile_client_with_an_invalid_token_receives_its_next_one_in_the_header() {
        try (Site site = forWebAndMobile()) {
            tokenIn(site.get("/api/login?alice", "Authorization: Bearer forged"), Transports.BEARER_RESPONSE_HEADER);
        }
    }

    @Test
    void new_tokens_by_an_unaccepted_transport_is_refused_at_start_up() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(
                        c -> c.secret(Site.SECRET).newTokensBy(Transports.bearer(), Requests.below("/api"))))
                .withMessageContaining("c.transport(...)");
        assertThatIllegalArgumentException().isThrownBy(() -> Requests.below("api"));
    }
}
