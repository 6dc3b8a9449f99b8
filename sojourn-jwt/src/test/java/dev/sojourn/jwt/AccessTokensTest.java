package dev.sojourn.jwt;

import static dev.sojourn.jwt.Texts.NOW;
import static dev.sojourn.jwt.Texts.OTHER;
import static dev.sojourn.jwt.Texts.SECRET;
import static dev.sojourn.jwt.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.SessionTooLargeException;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.StoreKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessTokensTest {
    private static final String SESSION_ID = "AAAAAAAAAAAAAAAAAAAAAA";
    private static final String SESSION_KEY = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";
    private static final String TOKEN_ID = "CCCCCCCCCCCCCCCC";
    private static final Instant CREATED = NOW.minus(Duration.ofDays(3));
    private static final Instant ENDS = NOW.plus(Duration.ofMinutes(5));

    private final Jwe seal = Jwe.secret(SECRET).application("shop");
    private final AccessTokenFormat format = AccessTokens.sealed(seal);

    @Test
    void a_token_is_read_as_it_was_issued() {
        JsonMembers claims =
                JsonMembers.EMPTY.with("role", utf8("\"admin\"")).with("limits", utf8("{\"a\":[1.50,null]}"));
        AccessToken read = format.verify(format.issue(token("al\"ice\u00e9\ud83d\ude00", claims)), NOW)
                .orElseThrow();

        assertThat(read.issuer()).isNull();
        assertThat(read.subject()).isEqualTo("al\"ice\u00e9\ud83d\ude00");
        assertThat(read.tokenId()).isEqualTo(TOKEN_ID);
        assertThat(read.sessionId()).isEqualTo(SESSION_ID);
        assertThat(read.sessionKey()).isEqualTo(StoreKey.of(SESSION_KEY));
        assertThat(read.sessionCreatedAt()).isEqualTo(CREATED);
        assertThat(read.issuedAt()).isEqualTo(NOW);
        assertThat(read.expiresAt()).isEqualTo(ENDS);
        assertThat(read.claims().sameAs(claims)).isTrue();
    }

    @Test
    void a_token_without_a_subject_and_without_claims_is_read_as_it_was_issued() {
        AccessToken anonymous = new AccessToken(null, null, null, null, null, null, NOW, ENDS, JsonMembers.EMPTY);

        assertThat(format.verify(format.issue(anonymous), NOW)).contains(anonymous);
    }

    @Test
    void a_token_expires_exactly_and_begins_with_a_tolerance_of_a_minute() {
        String text = format.issue(token("alice", JsonMembers.EMPTY));

        assertThat(format.verify(text, ENDS.minusMillis(1))).isPresent();
        assertThat(format.verify(text, ENDS)).isEmpty();
        assertThat(format.verify(text, NOW.minusSeconds(60))).isPresent();
        assertThat(format.verify(text, NOW.minusSeconds(61))).isEmpty();
        assertThat(format.verify(text, Instant.MAX)).isEmpty();
        assertThat(format.verify(text, Instant.MIN)).isEmpty();
    }

    @Test
    void a_token_of_the_last_minute_of_a_day_counts_after_midnight() {
        Instant late = Instant.parse("2026-11-30T23:59:00Z");
        String text = format.issue(times(late, late.plus(Duration.ofHours(1))));

        assertThat(format.verify(text, Instant.parse("2026-12-01T00:58:59.999Z")))
                .isPresent();
        assertThat(format.verify(text, Instant.parse("2026-12-01T00:59:00Z"))).isEmpty();
    }

    @Test
    void only_a_token_that_counted_until_then_has_expired() {
        String text = format.issue(times(NOW, NOW.plusSeconds(300)));

        assertThat(format.isExpired(text, NOW.plusSeconds(299))).isFalse();
        assertThat(format.isExpired(text, NOW.plusSeconds(300))).isTrue();
        assertThat(format.isExpired(text.substring(1), NOW.plusSeconds(300))).isFalse();
        assertThat(format.isExpired("", NOW)).isFalse();
    }

    @Test
    void a_token_that_would_live_for_more_than_an_hour_is_not_issued() {
        assertThat(format.issue(times(NOW, NOW.plus(Duration.ofHours(1))))).isNotEmpty();
        for (Duration lifetime : List.of(Duration.ofHours(1).plusNanos(1), Duration.ofDays(3_650))) {
            assertThatThrownBy(() -> format.issue(times(NOW, NOW.plus(lifetime))))
                    .as(lifetime.toString())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at most 60 minutes");
        }
    }

    @Test
    void a_token_that_could_not_be_read_back_is_not_issued() {
        assertThatThrownBy(() -> format.issue(token("\ud800", JsonMembers.EMPTY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sub of an access token")
                .hasMessageContaining("surrogates");
        assertThatThrownBy(() -> format.issue(times(NOW, NOW.plusNanos(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1 ms");
        for (String claim : List.of("{\"a\":1,\"a\":2}", "[".repeat(70) + "]".repeat(70), "{", "1 2")) {
            assertThatThrownBy(() -> format.issue(token("alice", JsonMembers.EMPTY.with("claim", utf8(claim)))))
                    .as(claim)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> format.issue(token(
                        "alice", JsonMembers.EMPTY.with("claim", utf8("\"" + "a".repeat(7_000) + "\"")))))
                .isInstanceOf(SessionTooLargeException.class)
                .hasMessageContaining("8192")
                .hasMessageContaining("7002 bytes");
    }

    @Test
    void a_text_that_was_sealed_for_another_purpose_application_or_secret_does_not_count() {
        byte[] content = AccessTokenJson.write(token("alice", JsonMembers.EMPTY));

        assertThat(format.verify(seal.forPurpose("access").seal(content, NOW), NOW))
                .isPresent();
        for (Jwe other : List.of(
                seal,
                seal.forPurpose("session __Host-id"),
                seal.forPurpose("refresh"),
                Jwe.secret(SECRET).forPurpose("access"),
                Jwe.secret(OTHER).application("shop").forPurpose("access"))) {
            assertThat(format.verify(other.seal(content, NOW), NOW)).isEmpty();
        }
        assertThat(AccessTokens.sealed(Jwe.secret(OTHER, SECRET).application("shop"))
                        .verify(format.issue(token("alice", JsonMembers.EMPTY)), NOW))
                .isPresent();
    }

    @Test
    void a_content_has_only_the_known_members_each_of_its_kind() {
        assertThat(verify("{\"iat\":IAT,\"exp\":EXP}")).isTrue();
        assertThat(verify("{\"iat\":IAT,\"exp\":EXP,\"sid\":\"a\",\"key\":\"a\"}"))
                .isTrue();
        assertThat(verify("{\"iat\":IAT,\"exp\":EXP,\"claims\":{\"other\":1}}")).isTrue();
        for (String content : List.of(
                "{\"iat\":IAT}",
                "{\"exp\":EXP}",
                "{\"iat\":IAT,\"exp\":null}",
                "{\"iat\":IAT,\"exp\":\"EXP\"}",
                "{\"iat\":IAT,\"exp\":EXP.0}",
                "{\"iat\":IAT,\"exp\":EXP.5}",
                "{\"iat\":IAT,\"exp\":1e300}",
                "{\"iat\":IAT,\"exp\":18e11}",
                "{\"iat\":IAT,\"exp\":9223372036854775808}",
                "{\"iat\":IAT,\"exp\":" + "9".repeat(2_000) + "}",
                "{\"iat\":IAT,\"exp\":1e1000000000}",
                "{\"iat\":IAT,\"exp\":-1}",
                "{\"iat\":IAT,\"exp\":0}",
                "{\"iat\":IAT,\"exp\":true}",
                "{\"iat\":IAT,\"exp\":EXP,\"exp\":EXP}",
                "{\"iat\":IAT,\"exp\":EXP,\"\\u0065xp\":EXP}",
                "{\"iat\":-1,\"exp\":EXP}",
                "{\"iat\":0,\"exp\":EXP}",
                "{\"iat\":EXP,\"exp\":EXP}",
                "{\"iat\":IAT,\"exp\":EXP,\"auth_time\":\"1\"}",
                "{\"iat\":IAT,\"exp\":EXP,\"nbf\":IAT}",
                "{\"iat\":IAT,\"exp\":EXP,\"iss\":\"me\"}",
                "{\"iat\":IAT,\"exp\":EXP,\"aud\":\"me\"}",
                "{\"iat\":IAT,\"exp\":EXP,\"cnf\":{}}",
                "{\"iat\":IAT,\"exp\":EXP,\"other\":1}",
                "{\"iat\":IAT,\"exp\":EXP,\"sub\":1}",
                "{\"iat\":IAT,\"exp\":EXP,\"sub\":null}",
                "{\"iat\":IAT,\"exp\":EXP,\"sub\":\"\"}",
                "{\"iat\":IAT,\"exp\":EXP,\"sub\":[\"alice\"]}",
                "{\"iat\":IAT,\"exp\":EXP,\"sub\":\"\\ud800\"}",
                "{\"iat\":IAT,\"exp\":EXP,\"sid\":1}",
                "{\"iat\":IAT,\"exp\":EXP,\"key\":\"a\"}",
                "{\"iat\":IAT,\"exp\":EXP,\"sid\":\"a\",\"key\":\"\"}",
                "{\"iat\":IAT,\"exp\":EXP,\"key\":{}}",
                "{\"iat\":IAT,\"exp\":EXP,\"jti\":null}",
                "{\"iat\":IAT,\"exp\":EXP,\"claims\":[]}",
                "{\"iat\":IAT,\"exp\":EXP,\"claims\":\"\"}",
                "{\"iat\":IAT,\"exp\":EXP,\"claims\":null}",
                "{\"iat\":IAT,\"exp\":EXP,\"claims\":{\"a\":1,\"a\":2}}",
                "{\"iat\":IAT,\"exp\":EXP,\"claims\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}",
                "\ufeff{\"iat\":IAT,\"exp\":EXP}",
                " {\"iat\":IAT,\"exp\":EXP}",
                "{\"iat\":IAT,\"exp\":EXP}{}",
                "{\"iat\":IAT,\"exp\":EXP}//",
                "{'iat':IAT,'exp':EXP}",
                "{\"iat\":IAT,\"exp\":EXP",
                "[]",
                "")) {
            assertThat(verify(content)).as(content).isFalse();
        }
    }

    @Test
    void a_token_has_the_documented_size_and_does_not_show_its_content() {
        assertThat(format).hasToString("SealedAccessTokens[redacted]");
        assertThat(format.issue(token("alice", JsonMembers.EMPTY))).hasSize(353);
        assertThat(format.issue(token("alice-the-subject", JsonMembers.EMPTY))).doesNotContain("alice-the-subject");
    }

    private boolean verify(String content) {
        String json = content.replace("IAT", Long.toString(NOW.toEpochMilli()))
                .replace("EXP", Long.toString(ENDS.toEpochMilli()));
        return format.verify(seal.forPurpose("access").seal(utf8(json), NOW), NOW)
                .isPresent();
    }

    private static AccessToken token(String subject, JsonMembers claims) {
        return new AccessToken(
                null, subject, TOKEN_ID, SESSION_ID, StoreKey.of(SESSION_KEY), CREATED, NOW, ENDS, claims);
    }

    private static AccessToken times(Instant issuedAt, Instant expiresAt) {
        return new AccessToken(
                null, "alice", TOKEN_ID, SESSION_ID, null, CREATED, issuedAt, expiresAt, JsonMembers.EMPTY);
    }
}
