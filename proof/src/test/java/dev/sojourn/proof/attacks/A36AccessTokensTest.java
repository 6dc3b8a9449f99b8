package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Revocations;
import dev.sojourn.jwt.AccessTokens;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.jwt.TokenKey;
import dev.sojourn.jwt.TokenKeys;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.TokenSite;
import dev.sojourn.proof.site.TokenSite.Tokens;
import dev.sojourn.proof.site.ViewSite;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Attacks on access tokens that concern the session behind them, for each kind of token: replay after a logout, after a
 * restart and during an outage, one kind of token as another, and what a revocation endpoint is sent.
 */
class A36AccessTokensTest {
    private static final Duration DELAY = Duration.ofSeconds(2);
    private static final BigInteger P256_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    /** The kinds of access tokens; the nodes of a test share the keys. */
    private enum Kind {
        SEALED(AccessTokens.sealed(Jwe.secret(Site.SECRET).application("proof"))),
        ES256(signed(TokenKey.generateEc())),
        RS256(signed(TokenKey.generateRsa()));

        @SuppressWarnings("ImmutableEnumChecker") // the formats are immutable for their users
        final AccessTokenFormat format;

        Kind(AccessTokenFormat format) {
            this.format = format;
        }

        private static AccessTokenFormat signed(TokenKey key) {
            return AccessTokens.signed(TokenKeys.of(key))
                    .issuer("https://shop.example.com")
                    .audience("https://shop.example.com");
        }

        TokenSite site() {
            return new TokenSite(c -> c.access(format));
        }

        /** Returns a node that starts now, over the stores of another one. */
        TokenSite started(TokenSite other) {
            return new TokenSite(other, c -> c.access(format));
        }
    }

    private static void assertRefused(RawResponse response) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.headers("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
        assertThat(response.body()).isEqualTo("The token is not valid. Please sign in again.\n");
        assertThat(response.cookies()).isEmpty();
    }

    private static void assertUnavailable(RawResponse response) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.headers("Retry-After")).containsExactly("1");
        assertThat(response.headers("WWW-Authenticate")).isEmpty();
        assertThat(response.cookies()).isEmpty();
    }

    private static void assertCounts(TokenSite site, Tokens tokens) {
        assertThat(site.getAs(tokens.access(), "/view").body()).isEqualTo("alice user");
        assertThat(site.getAs(tokens.access(), "/session").body()).isEqualTo("alice");
    }

    private static void makeUnavailable(TokenSite site) {
        site.revoked().failBefore("load", () -> StoreException.notDone("down", null));
    }

    // ---- replay

    @ParameterizedTest
    @EnumSource
    void a_token_is_worthless_after_a_logout_here_on_the_other_node_and_after_a_restart(Kind kind) {
        try (TokenSite one = kind.site();
                TokenSite other = kind.started(one)) {
            Tokens ended = one.login("alice");
            Tokens kept = one.login("alice");
            assertCounts(other, ended);

            assertThat(one.getAs(ended.access(), "/logout").status()).isEqualTo(200);

            assertRefused(one.getAs(ended.access(), "/view"));
            one.clock().advance(DELAY);
            try (TokenSite restarted = kind.started(one)) {
                for (TokenSite node : List.of(one, other, restarted)) {
                    assertRefused(node.getAs(ended.access(), "/view"));
                    assertRefused(node.getAs(ended.access(), "/session"));
                    assertRefused(node.refresh(ended.refreshToken()));
                    assertCounts(node, kept);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void after_a_restart_no_token_counts_before_the_revocations_are_read(Kind kind) {
        try (TokenSite site = kind.site()) {
            Tokens ended = site.login("alice");
            Tokens kept = site.login("alice");
            site.getAs(ended.access(), "/logout");
            makeUnavailable(site);
            Revocations tolerant = Revocations.in(
                    site.revoked(), c -> c.clock(site.clock()).acceptWhileUnavailable(Duration.ofHours(1)));
            try (TokenSite restarted = kind.started(site);
                    TokenSite lenient =
                            new TokenSite(site, c -> c.access(kind.format).revocations(tolerant))) {
                for (TokenSite node : List.of(restarted, lenient)) {
                    for (Tokens tokens : List.of(ended, kept)) {
                        assertUnavailable(node.getAs(tokens.access(), "/view"));
                        assertUnavailable(node.getAs(tokens.access(), "/session"));
                    }
                    assertRefused(node.getAs(kept.access() + "A", "/view"));
                    assertThat(node.get("/view").body()).isEqualTo("null null");
                }
                site.revoked().clearFailures();
                site.clock().advance(DELAY);

                for (TokenSite node : List.of(restarted, lenient)) {
                    assertRefused(node.getAs(ended.access(), "/view"));
                    assertCounts(node, kept);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void while_the_revocations_are_away_for_longer_than_the_delay_a_token_is_a_503(Kind kind) {
        try (TokenSite site = kind.site()) {
            Tokens ended = site.login("alice");
            Tokens kept = site.login("alice");
            site.getAs(ended.access(), "/logout");
            assertCounts(site, kept);
            makeUnavailable(site);
            site.clock().advance(DELAY.plusMillis(1));

            assertUnavailable(site.getAs(kept.access(), "/view"));
            assertThat(site.getAs(ended.access(), "/view").status()).isIn(401, 503);
            assertThat(site.get("/view").body()).isEqualTo("null null");

            site.revoked().clearFailures();
            site.clock().advance(DELAY);
            assertCounts(site, kept);
            assertRefused(site.getAs(ended.access(), "/view"));
        }
    }

    // ---- the second spelling of an ECDSA signature

    @Test
    void the_other_spelling_of_a_signature_is_the_same_session_and_ends_with_it() {
        try (TokenSite site = Kind.ES256.site();
                TokenSite other = Kind.ES256.started(site)) {
            Tokens tokens = site.login("alice");
            Tokens respelled = new Tokens(withOtherSignature(tokens.access()), tokens.refresh());
            assertThat(respelled.access()).isNotEqualTo(tokens.access());
            assertCounts(site, respelled);
            assertCounts(other, respelled);
            String named = site.getAs(tokens.access(), "/devices").body();
            assertThat(site.getAs(respelled.access(), "/devices").body()).isEqualTo(named);

            assertThat(site.getAs(tokens.access(), "/logout").status()).isEqualTo(200);
            site.clock().advance(DELAY);

            for (TokenSite node : List.of(site, other)) {
                assertRefused(node.getAs(respelled.access(), "/view"));
                assertRefused(node.getAs(respelled.access(), "/session"));
            }
        }
    }

    @Test
    void a_logout_with_the_other_spelling_ends_the_token_that_was_issued() {
        try (TokenSite site = Kind.ES256.site();
                TokenSite other = Kind.ES256.started(site)) {
            Tokens first = site.login("alice");
            Tokens second = site.login("alice");

            assertThat(site.getAs(withOtherSignature(first.access()), "/logout").status())
                    .isEqualTo(200);
            assertThat(site.revoke(withOtherSignature(second.access())).status())
                    .isEqualTo(200);
            site.clock().advance(DELAY);

            for (Tokens tokens : List.of(first, second)) {
                assertRefused(site.getAs(tokens.access(), "/view"));
                assertRefused(other.getAs(tokens.access(), "/view"));
                assertRefused(site.refresh(tokens.refreshToken()));
            }
        }
    }

    /** With ECDSA, s and n - s are both right. */
    private static String withOtherSignature(String token) {
        int dot = token.lastIndexOf('.') + 1;
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot));
        byte[] s = P256_ORDER
                .subtract(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)))
                .toByteArray();
        Arrays.fill(signature, 32, 64, (byte) 0);
        int length = Math.min(s.length, 32);
        System.arraycopy(s, s.length - length, signature, 64 - length, length);
        return token.substring(0, dot) + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    // ---- one kind as another

    @ParameterizedTest
    @EnumSource
    void no_access_token_refreshes_and_no_refresh_token_gives_access(Kind kind) {
        try (TokenSite site = kind.site()) {
            Tokens tokens = site.login("alice");

            assertRefused(site.refresh(tokens.access()));
            assertRefused(site.get("/refresh-from-cookie", TokenSite.cookie(tokens.access())));
            assertRefused(site.getAs(tokens.refreshToken(), "/view"));
            assertRefused(site.getAs(tokens.refreshToken(), "/session"));

            assertCounts(site, tokens);
            assertThat(site.refresh(tokens.refreshToken()).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_token_of_one_kind_does_not_count_where_another_kind_is_issued(Kind kind) {
        try (TokenSite site = kind.site()) {
            Tokens tokens = site.login("alice");
            for (Kind other : Kind.values()) {
                if (other != kind) {
                    try (TokenSite node = other.started(site)) {
                        assertRefused(node.getAs(tokens.access(), "/view"));
                        assertRefused(node.getAs(tokens.access(), "/session"));
                        assertThat(node.revoke(tokens.access()).status()).isEqualTo(200);
                    }
                }
            }
            assertCounts(site, tokens);
        }
    }

    @ParameterizedTest
    @EnumSource
    void of_two_valid_tokens_none_counts_and_one_in_the_url_or_the_body_is_not_read(Kind kind) {
        try (TokenSite site = kind.site()) {
            String alice = site.login("alice").access();
            String bob = site.login("bob").access();

            assertRefused(site.get("/view", ViewSite.bearer(alice), ViewSite.bearer(bob)));
            assertRefused(site.get("/session", ViewSite.bearer(alice) + ", Bearer " + bob));
            assertThat(site.get("/view?access_token=" + alice).body()).isEqualTo("null null");
            assertThat(site.post("/view", "access_token=" + alice).body()).isEqualTo("null null");
        }
    }

    // ---- the revocation endpoint, which takes a token from a body, where no header's rules hold

    @ParameterizedTest
    @EnumSource
    void a_text_that_is_no_token_in_its_one_spelling_ends_nothing(Kind kind) {
        try (TokenSite site = kind.site()) {
            site.addPage("/revoke-body", exchange -> {
                site.tokens().revoke(body(exchange.getRequestBody()));
                return "ok";
            });
            Tokens tokens = site.login("alice");
            String access = tokens.access();
            String large = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(("{\"a\":\"" + "x".repeat(1_000_000) + "\"}").getBytes(StandardCharsets.UTF_8));
            String[] parts = access.split("\\.", -1);
            for (String text : List.of(
                    access + "\n",
                    access + "\r\n",
                    "\n" + access,
                    access.substring(0, 60) + "\n" + access.substring(60),
                    access.substring(0, 60) + " " + access.substring(60),
                    " " + access,
                    access + "=",
                    access + "\0",
                    "Bearer " + access,
                    access + "," + access,
                    access.substring(0, access.length() - 1),
                    access.replace(parts[parts.length - 2], large),
                    parts[0] + "." + large + "." + parts[parts.length - 1],
                    large,
                    ".".repeat(1_000_000),
                    "{\"protected\":\"" + parts[0] + "\",\"payload\":\"" + parts[1] + "\",\"signature\":\"AAAA\"}",
                    tokens.refreshToken() + "\n",
                    tokens.refreshToken() + "=")) {
                RawResponse response = site.post("/revoke-body", text);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("ok");
            }
            assertCounts(site, tokens);

            assertThat(site.post("/revoke-body", access).status()).isEqualTo(200);
            assertRefused(site.getAs(access, "/view"));
        }
    }

    private static String body(InputStream body) {
        try {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
