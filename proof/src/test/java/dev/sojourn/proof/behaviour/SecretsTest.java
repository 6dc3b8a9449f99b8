package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "keyboard cat",
                "keyboard cat keyboard cat keyboard cat keyboard cat",
                "your-secret-key-your-secret-key-1234567",
                "this is my Super-Secret value 1234567890xyz",
                "CHANGEME-9f8e7d6c5b4a39281706f5e4d3c2b1",
                "correct horse battery staple is well known"
            })
    void a_secret_from_a_tutorial_is_refused(String secret) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret(secret)))
                .withMessageContaining("openssl rand -base64 32")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(secret));
    }

    @Test
    void the_refusal_of_a_short_secret_names_its_length_and_a_command_for_a_good_one() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret("Zk3v8Qm1Yt6Rw0Xc5Bn2Hs7Lp4Jd9Gf")))
                .withMessageContaining("31 bytes")
                .withMessageContaining("openssl rand -base64 32");
    }

    @Test
    void a_repetitive_secret_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret("xyz".repeat(20))))
                .withMessageContaining("is repetitive");
    }

    @Test
    void a_missing_environment_variable_is_named_as_the_likely_cause() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret(System.getenv("SOJOURN_NO_SUCH_VARIABLE"))))
                .withMessageContaining("environment variable")
                .withMessageContaining("openssl rand -base64 32");
    }

    @Test
    void a_secret_of_32_random_bytes_is_accepted() {
        try (Site site = new Site(c -> c.secret("Zk3v8Qm1Yt6Rw0Xc5Bn2Hs7Lp4Jd9GfU"))) {
            assertThat(site.getAs(site.startSession("x"), "/read").body()).isEqualTo("x");
        }
    }

    // ---- genid

    private static void assertRefused(Supplier<String> generator, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET).genid(generator)))
                .withMessageContaining("genid")
                .withMessageContaining(message);
    }

    private static Supplier<String> counting(String start, int digits) {
        AtomicInteger next = new AtomicInteger();
        return () -> start + String.format("%0" + digits + "d", next.incrementAndGet());
    }

    @Test
    void a_generator_of_short_malformed_or_repeated_ids_is_refused_at_start_up() {
        assertRefused(counting("a".repeat(15), 6), "22");
        assertRefused(counting("a".repeat(120), 9), "128");
        assertRefused(counting("a".repeat(20) + ".", 6), "base64url");
        assertRefused(counting("a".repeat(20) + "+/=", 6), "base64url");
        assertRefused(() -> "a".repeat(43), "twice");
    }

    @Test
    void ids_of_the_minimum_and_maximum_length_are_accepted() {
        for (int length : new int[] {22, 128}) {
            try (Site site = new Site(c -> c.genid(counting("a".repeat(length - 8), 8)))) {
                String token = site.startSession("x");
                assertThat(token.indexOf('.')).isEqualTo(length);
                assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
            }
        }
    }

    @Test
    void a_generator_that_repeats_an_id_later_never_gives_two_clients_one_session() {
        AtomicInteger calls = new AtomicInteger();
        try (Site site = new Site(c ->
                c.genid(() -> "a".repeat(20) + String.format("%08d", Math.min(calls.incrementAndGet(), 65))))) {
            String token = site.startSession("x");
            RawResponse second = site.get("/set?y");
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.cookies()).isEmpty();
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void ids_are_256_random_bits_by_default() {
        try (Site site = new Site()) {
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                String token = site.get("/set?x").token();
                assertThat(token).matches("[A-Za-z0-9_-]{43}\\.[A-Za-z0-9_-]{43}");
                ids.add(token.substring(0, 43));
            }
            assertThat(ids).hasSize(50);
        }
    }

    @Test
    void the_default_cookie_matches_the_documentation() {
        try (Site site = new Site()) {
            assertThat(site.get("/set?x").header("Set-Cookie").orElseThrow())
                    .matches("__Host-id=[^;]+; Path=/; Secure; HttpOnly; SameSite=Lax");
        }
    }
}
