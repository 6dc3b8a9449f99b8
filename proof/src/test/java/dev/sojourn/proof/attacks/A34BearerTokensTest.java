package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.ViewSite;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.TokenVerifier;
import dev.sojourn.testing.TestTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with access tokens that do not count, whatever the tokens' format. */
class A34BearerTokensTest {
    private static void assertRefused(RawResponse response) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.headers("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
        assertThat(response.headers("Cache-Control")).containsExactly("no-store");
        assertThat(response.headers("Vary")).containsExactly("Authorization");
        assertThat(response.cookies()).isEmpty();
        assertThat(response.body()).isEqualTo("The token is not valid. Please sign in again.\n");
    }

    private static void assertAnonymous(RawResponse response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("null");
    }

    @Test
    void a_token_in_one_authorization_header_counts() {
        try (ViewSite site = new ViewSite(c -> {})) {
            assertThat(site.getAs(site.tokenOf("alice"), "/subject").body()).isEqualTo("alice");
            assertThat(site.get("/subject", "authorization:bearer   " + site.tokenOf("alice"))
                            .body())
                    .isEqualTo("alice");
            assertThat(site.listener().names()).isEmpty();
        }
    }

    @Test
    void of_two_tokens_in_one_request_none_counts() {
        try (ViewSite site = new ViewSite(c -> {})) {
            String alice = ViewSite.bearer(site.tokenOf("alice"));
            String bob = ViewSite.bearer(site.tokenOf("bob"));
            assertRefused(site.get("/subject", alice, bob));
            assertRefused(site.get("/subject", alice, alice));
            assertRefused(site.get("/subject", alice + ", Bearer " + site.tokenOf("bob")));
            assertThat(site.listener().all())
                    .hasSize(3)
                    .allSatisfy(event -> assertThat(event.details()).contains(TokenRefusal.AMBIGUOUS));
        }
    }

    @Test
    void a_token_next_to_another_scheme_does_not_count() {
        try (ViewSite site = new ViewSite(c -> {})) {
            String alice = ViewSite.bearer(site.tokenOf("alice"));
            String basic = "Authorization: Basic Ym9iOnNlY3JldA==";
            assertRefused(site.get("/subject", alice, basic));
            assertRefused(site.get("/subject", basic, alice));
            assertRefused(site.get("/subject", basic + ", Bearer " + site.tokenOf("alice")));
        }
    }

    @Test
    void another_scheme_alone_is_no_token() {
        try (ViewSite site = new ViewSite(c -> {})) {
            String token = site.tokenOf("alice");
            assertAnonymous(site.get("/subject", "Authorization: Basic " + token));
            assertAnonymous(site.get("/subject", "Authorization: DPoP " + token));
            assertAnonymous(site.get("/subject", "Authorization: " + token));
            assertThat(site.listener().names()).isEmpty();
        }
    }

    @Test
    void a_token_in_the_url_the_body_a_cookie_or_another_header_is_not_read() {
        try (ViewSite site = new ViewSite(c -> {})) {
            String token = site.tokenOf("alice");
            assertAnonymous(site.get("/subject?access_token=" + token));
            assertAnonymous(site.post("/subject", "access_token=" + token));
            assertAnonymous(site.get("/subject", "Cookie: access_token=" + token + "; __Host-id=" + token));
            assertAnonymous(site.get("/subject", "X-Authorization: Bearer " + token));
            assertAnonymous(site.get("/subject", "Proxy-Authorization: Bearer " + token));
            assertThat(site.getAs(token, "/subject?access_token=" + site.tokenOf("bob"))
                            .body())
                    .as("the header's token counts whatever the URL has")
                    .isEqualTo("alice");
        }
    }

    @Test
    void a_header_of_many_kilobytes_is_refused_without_a_verifier() {
        AtomicInteger calls = new AtomicInteger();
        TokenVerifier counting = (token, now) -> {
            calls.incrementAndGet();
            return Optional.empty();
        };
        try (ViewSite site = ViewSite.trusting(counting)) {
            assertRefused(site.getAs("a".repeat(8_193), "/subject"));
            assertRefused(site.getAs("a".repeat(300_000), "/subject"));
            assertThat(calls).hasValue(0);
            assertRefused(site.getAs("a".repeat(8_192), "/subject"));
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void any_character_inserted_removed_or_replaced_is_refused() {
        try (ViewSite site = new ViewSite(c -> {})) {
            String token = site.tokenOf("alice");
            List<String> changed = new ArrayList<>();
            for (int at : List.of(0, 7, token.indexOf('.'), token.length() - 1)) {
                changed.add(token.substring(0, at) + token.substring(at + 1));
                for (char c = 1; c < 0x100; c++) {
                    boolean reachesTheServerUnchanged = c != '\r' && c != '\n';
                    boolean blankBeforeIt = at == 0 && (c == ' ' || c == '\t');
                    boolean same = c == token.charAt(at);
                    if (reachesTheServerUnchanged && !blankBeforeIt && !same) {
                        changed.add(token.substring(0, at) + c + token.substring(at));
                        changed.add(token.substring(0, at) + c + token.substring(at + 1));
                    }
                }
            }
            for (String each : changed) {
                RawResponse response = site.getAs(each, "/subject");
                // The server itself refuses some control characters.
                assertThat(response.status()).isIn(400, 401);
                assertThat(response.body()).isNotEqualTo("alice");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer ", "Bearer =", "Bearer a b", "Bearer \"a\"", "Bearer\ta"})
    void a_malformed_header_is_refused(String value) {
        try (ViewSite site = new ViewSite(c -> {})) {
            assertRefused(site.get("/subject", "Authorization: " + value));
            assertThat(site.listener().single("tokenRefused").details()).contains(TokenRefusal.NOT_ISSUED);
        }
    }

    @Test
    void a_token_of_another_issuer_or_an_expired_one_is_refused() {
        try (ViewSite site = new ViewSite(c -> {})) {
            assertRefused(
                    site.getAs(new TestTokens().issue("alice", site.clock().instant(), Map.of()), "/subject"));
            String token = site.tokenOf("alice");
            site.clock().advance(Duration.ofMinutes(5));
            assertRefused(site.getAs(token, "/subject"));
        }
    }

    @Test
    void a_token_that_is_bound_to_a_key_does_not_count_as_bearer_token() {
        try (ViewSite site = new ViewSite(c -> {})) {
            Map<String, Object> bound =
                    new HashMap<>(Map.of("cnf", Map.of("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")));
            assertRefused(site.getAs(site.tokens().issue("alice", site.clock().instant(), bound), "/subject"));
            bound.put("cnf", null);
            assertRefused(site.getAs(site.tokens().issue("alice", site.clock().instant(), bound), "/subject"));
        }
    }

    @Test
    void a_token_that_lives_longer_than_its_verifier_allows_is_refused() {
        try (ViewSite site = new ViewSite(c -> {})) {
            Instant now = site.clock().instant();
            AccessToken day =
                    new AccessToken(null, "alice", null, null, null, null, now, now.plus(Duration.ofDays(1)), claims());
            AccessToken longer = new AccessToken(
                    null,
                    "alice",
                    null,
                    null,
                    null,
                    null,
                    now,
                    now.plus(Duration.ofDays(1)).plusMillis(1),
                    claims());
            assertThat(site.getAs(site.tokens().issue(day), "/subject").body()).isEqualTo("alice");
            assertRefused(site.getAs(site.tokens().issue(longer), "/subject"));
        }
    }

    private static JsonMembers claims() {
        return JsonMembers.EMPTY;
    }

    @Test
    void a_subject_that_no_login_would_accept_is_refused() {
        try (ViewSite site = new ViewSite(c -> {})) {
            for (String subject : List.of("", "a\nb", "a\u0000", "\u0085", "x".repeat(257))) {
                assertRefused(site.getAs(site.tokenOf(subject), "/subject"));
            }
            assertThat(site.getAs(site.tokenOf("x".repeat(256)), "/subject").body())
                    .hasSize(256);
        }
        TokenVerifier surrogate = (token, now) -> Optional.of(
                new AccessToken(null, "a\uD800", null, null, null, null, now, now.plusSeconds(1), claims()));
        try (ViewSite site = ViewSite.trusting(surrogate)) {
            assertRefused(site.getAs("any", "/subject"));
        }
    }

    @Test
    void a_verifier_that_fails_refuses_the_token_and_its_message_is_not_logged() {
        TokenVerifier failing = (token, now) -> {
            throw new IllegalArgumentException("cannot parse " + token);
        };
        TokenVerifier recursing = (token, now) -> {
            throw new StackOverflowError(token);
        };
        for (TokenVerifier each : List.of(failing, recursing)) {
            try (LogCapture log = new LogCapture();
                    ViewSite site = ViewSite.trusting(each)) {
                assertRefused(site.getAs("secret-token-of-alice", "/subject"));
                assertThat(log.sojournMessages())
                        .anySatisfy(line -> assertThat(line).contains("failed, so the token is refused"))
                        .noneSatisfy(line -> assertThat(line).contains("secret-token-of-alice"));
            }
        }
    }

    @Test
    void a_rule_for_subjects_that_fails_refuses_the_token() {
        try (ViewSite site = new ViewSite(c -> c.normalizeSubjects(name -> {
            throw new IllegalStateException("no such user");
        }))) {
            assertRefused(site.getAs(site.tokenOf("alice"), "/subject"));
        }
    }

    @Test
    void keys_that_cannot_be_obtained_give_503_unless_another_verifier_accepts_the_token() {
        TokenVerifier away = (token, now) -> {
            throw new SessionUnavailableException(
                    Reason.STORE_UNAVAILABLE, "the keys of the issuer are unavailable", null);
        };
        TestTokens present = new TestTokens();
        try (ViewSite site = ViewSite.trusting(away, present)) {
            Instant now = site.clock().instant();
            assertThat(site.getAs(present.issue("alice", now, Map.of()), "/subject")
                            .body())
                    .isEqualTo("alice");
            RawResponse unknown = site.getAs(new TestTokens().issue("alice", now, Map.of()), "/subject");
            assertThat(unknown.status()).isEqualTo(503);
            assertThat(unknown.headers("Retry-After")).containsExactly("1");
            assertThat(unknown.headers("WWW-Authenticate")).isEmpty();
            assertAnonymous(site.get("/subject"));
        }
    }

    @Test
    void a_page_that_requires_a_user_challenges_an_anonymous_request_without_an_error_code() {
        try (ViewSite site = new ViewSite(c -> {})) {
            RawResponse response = site.get("/members-only");
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.headers("WWW-Authenticate")).containsExactly("Bearer");
            assertThat(response.headers("Cache-Control")).containsExactly("no-store");
            assertThat(response.body()).isEqualTo("Please sign in.\n");
            assertThat(site.getAs(site.tokenOf("alice"), "/members-only").body())
                    .isEqualTo("alice");
        }
    }

    @Test
    void a_request_that_does_not_use_its_view_is_served_whatever_token_it_has() {
        try (ViewSite site = new ViewSite(c -> {})) {
            RawResponse response = site.getAs("forged", "/unused");
            assertThat(response.body()).isEqualTo("ok");
            assertThat(response.headers("Vary")).isEmpty();
            assertThat(site.listener().names()).isEmpty();
        }
    }
}
