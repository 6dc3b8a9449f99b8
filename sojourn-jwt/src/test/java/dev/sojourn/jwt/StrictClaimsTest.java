package dev.sojourn.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.jwt.StrictClaims.RefusedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StrictClaimsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void times_are_whole_seconds_of_at_most_twelve_digits() throws Exception {
        assertThat(claims("{\"exp\":0}").time("exp")).isEqualTo(Instant.EPOCH);
        assertThat(claims("{\"exp\": 999999999999 }").time("exp")).isEqualTo(Instant.ofEpochSecond(999_999_999_999L));
        for (String other : List.of(
                "\"1800000000\"",
                "1800000000.0",
                "1800000000.5",
                "1.8e9",
                "1e300",
                "9223372036854775808",
                "1000000000000",
                "-1",
                "-0",
                "null",
                "true",
                "[1800000000]",
                "{}")) {
            assertRefused(() -> claims("{\"exp\":" + other + "}").time("exp"), other);
        }
        assertRefused(() -> claims("{}").time("exp"), "absent");
        assertRefused(() -> claims("{\"exp\":1e1000000000}").time("exp"), "a large exponent");
        assertRefused(() -> claims("{\"exp\":" + "9".repeat(5_000) + "}").time("exp"), "many digits");
    }

    @Test
    void a_token_counts_from_a_little_before_iat_and_nbf_until_exp() throws Exception {
        assertThat(times(0, 300)).isEqualTo(new StrictClaims.Times(NOW, NOW.plusSeconds(300)));
        assertThat(times(30, 300).issuedAt()).isEqualTo(NOW.plusSeconds(30));
        assertRefused(() -> times(31, 300), "issued ahead of the tolerance");
        assertThat(times(-300, -29).expiresAt()).isEqualTo(NOW.minusSeconds(29));
        assertRefused(() -> times(-300, -30), "ended before the tolerance");
        assertRefused(() -> times(3_600, 7_200), "issued in an hour");
        assertThat(times(0, 3_600).expiresAt()).isEqualTo(NOW.plusSeconds(3_600));
        assertRefused(() -> times(0, 3_601), "longer than an hour");
        assertRefused(() -> times(0, 315_360_000), "ten years");
        assertRefused(() -> times(10, 10), "ends as it begins");
        assertRefused(() -> times(20, 10), "ends before it begins");

        String times = "\"iat\":" + NOW.getEpochSecond() + ",\"exp\":"
                + NOW.plusSeconds(60).getEpochSecond();
        String nbf = ",\"nbf\":";
        assertThatCode(() -> claims("{" + times + nbf + NOW.plusSeconds(30).getEpochSecond() + "}")
                        .times(NOW, SKEW, SKEW, HOUR))
                .doesNotThrowAnyException();
        assertRefused(
                () -> claims("{" + times + nbf + NOW.plusSeconds(31).getEpochSecond() + "}")
                        .times(NOW, SKEW, SKEW, HOUR),
                "not before");
        assertRefused(() -> claims("{" + times + nbf + "null}").times(NOW, SKEW, SKEW, HOUR), "nbf of another type");
        for (String one : List.of("iat", "exp")) {
            assertRefused(
                    () -> claims("{\"" + one + "\":" + NOW.getEpochSecond() + "}")
                            .times(NOW, SKEW, SKEW, HOUR),
                    "only " + one);
        }
    }

    @Test
    void exp_has_no_tolerance_where_the_caller_gives_none() throws Exception {
        String payload = "{\"iat\":" + NOW.minusSeconds(60).getEpochSecond() + ",\"exp\":" + NOW.getEpochSecond() + "}";

        assertRefused(() -> claims(payload).times(NOW, SKEW, Duration.ZERO, HOUR), "ends now");
        assertThat(claims(payload)
                        .times(NOW.minusNanos(1), SKEW, Duration.ZERO, HOUR)
                        .expiresAt())
                .isEqualTo(NOW);
    }

    @Test
    void an_audience_is_a_text_or_a_list_of_texts() throws Exception {
        assertThat(claims("{\"aud\":\"a\"}").audience()).containsExactly("a");
        assertThat(claims("{\"aud\":[\"a\",\"b\"]}").audience()).containsExactly("a", "b");
        for (String other :
                List.of("1", "null", "true", "{}", "[]", "[1]", "[\"a\",1]", "[\"a\",[\"b\"]]", "[[\"a\"]]")) {
            assertRefused(() -> claims("{\"aud\":" + other + "}").audience(), other);
        }
        assertRefused(() -> claims("{}").audience(), "absent");
    }

    @Test
    void a_subject_follows_the_rules_of_login() throws Exception {
        assertThat(claims("{\"sub\":\"alice\"}").optionalSubject("sub")).isEqualTo("alice");
        assertThat(claims("{\"sub\":\"\\u00e4\\uD83D\\uDE00\"}").optionalSubject("sub"))
                .isEqualTo("\u00e4\uD83D\uDE00");
        assertThat(claims("{\"sub\":\"" + "a".repeat(256) + "\"}").optionalSubject("sub"))
                .hasSize(256);
        assertThat(claims("{}").optionalSubject("sub")).isNull();
        for (String other : List.of(
                "\"\"",
                "17",
                "null",
                "[\"alice\"]",
                "\"a\\uD800\"",
                "\"\\uDC00\\uD800\"",
                "\"a\\u0000\"",
                "\"a\\nb\"",
                "\"" + "a".repeat(257) + "\"")) {
            assertRefused(() -> claims("{\"sub\":" + other + "}").optionalSubject("sub"), other);
        }
    }

    @Test
    void only_one_strict_object_is_read() {
        for (String other : List.of(
                "",
                "[]",
                "null",
                "{",
                "{}}",
                "{}{}",
                "{} x",
                "{\"a\":1}//",
                "/**/{}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{\"a\":1,}",
                "\uFEFF{}",
                "{\"sub\":\"alice\",\"sub\":\"bob\"}",
                "{\"sub\":\"alice\",\"\\u0073ub\":\"bob\"}",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{\"a\":[{\"b\":1,\"b\":2}]}",
                "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}")) {
            assertRefused(() -> claims(other), other);
        }
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused() throws Exception {
        for (int[] text : new int[][] {
            {0xC0, 0xAF}, // a slash in two bytes
            {0xE0, 0x80, 0xAF}, // and in three
            {0xED, 0xA0, 0x80}, // half of a surrogate pair
            {0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80}, // a surrogate pair, each half in three bytes
            {0xF4, 0x90, 0x80, 0x80}, // more than Unicode has
            {0xE4}, // Latin-1
            {0x80},
            {0xFE}
        }) {
            assertThatThrownBy(() -> StrictClaims.read(withBytes(text)))
                    .as(Arrays.toString(text))
                    .isInstanceOf(RefusedException.class);
        }
        assertThat(StrictClaims.read(withBytes(new int[] {0xC3, 0xA4})).text("a"))
                .isEqualTo("\u00e4");
    }

    private static byte[] withBytes(int[] text) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.writeBytes("{\"a\":\"".getBytes(StandardCharsets.US_ASCII));
        Arrays.stream(text).forEach(json::write);
        json.writeBytes("\"}".getBytes(StandardCharsets.US_ASCII));
        return json.toByteArray();
    }

    @Test
    void a_token_that_is_bound_to_a_key_is_refused() {
        assertRefused(() -> claims("{\"cnf\":{\"jkt\":\"AAAA\"}}"), "cnf");
        assertRefused(() -> claims("{\"cnf\":null}"), "cnf");
    }

    @Test
    void the_other_claims_keep_their_bytes() throws Exception {
        StrictClaims claims = claims("{\"iss\":\"x\",\"price\": 1.50 ,\"n\":12345678901234567890,\"exp\":1}");

        var rest = claims.without(List.of("iss", "exp"));

        assertThat(rest.names()).containsExactly("price", "n");
        assertThat(Forge.claim(rest, "price")).isEqualTo("1.50");
        assertThat(Forge.claim(rest, "n")).isEqualTo("12345678901234567890");
    }

    private static StrictClaims.Times times(long issuedAfter, long expiresAfter) throws RefusedException {
        return claims("{\"iat\":" + NOW.plusSeconds(issuedAfter).getEpochSecond() + ",\"exp\":"
                        + NOW.plusSeconds(expiresAfter).getEpochSecond() + "}")
                .times(NOW, SKEW, SKEW, HOUR);
    }

    private static StrictClaims claims(String json) throws RefusedException {
        return StrictClaims.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable read, String what) {
        assertThatThrownBy(read).as(what).isInstanceOf(RefusedException.class);
    }
}
