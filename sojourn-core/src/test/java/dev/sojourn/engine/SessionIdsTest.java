package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.spi.StoreKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdsTest {
    private final Supplier<String> ids = SessionIds.random(new SecureRandom());

    @Test
    void a_random_id_has_256_bits_and_is_well_formed() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            String id = ids.get();

            assertThat(id).matches("[A-Za-z0-9_-]{43}");
            assertThat(Base64.getUrlDecoder().decode(id)).hasSize(32);
            assertThat(SessionIds.wellFormed(id, id.length())).isTrue();
            assertThat(seen.add(id)).isTrue();
        }
    }

    @Test
    void an_id_encodes_the_bytes_of_the_given_source_of_randomness() {
        SecureRandom ones = new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, (byte) -1);
            }
        };

        assertThat(SessionIds.random(ones).get()).isEqualTo("_".repeat(42) + "8");
    }

    @Test
    void only_base64url_is_well_formed() {
        for (char c = 0; c < Character.MAX_VALUE; c++) {
            boolean base64url =
                    c < 128 && "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".indexOf(c) >= 0;

            assertThat(SessionIds.wellFormed("a" + c, 2)).as("%x", (int) c).isEqualTo(base64url);
        }
        assertThat(SessionIds.wellFormed("ab.", 2)).isTrue();
        assertThat(SessionIds.wellFormed("", 0)).isTrue();
    }

    @Test
    void the_store_key_is_the_sha_256_of_the_id() throws Exception {
        String id = ids.get();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));

        assertThat(SessionIds.storeKey(id).text())
                .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
    }

    @Test
    void id_store_key_and_public_id_do_not_reveal_each_other() {
        for (int i = 0; i < 1_000; i++) {
            String id = ids.get();
            StoreKey key = SessionIds.storeKey(id);
            String publicId = SessionIds.publicId(key);

            assertThat(key.text()).isNotEqualTo(id).hasSize(43);
            assertThat(publicId).hasSize(22);
            for (String hidden :
                    List.of(id, key.text(), SessionIds.storeKey(key.text()).text())) {
                assertThat(hidden).doesNotContain(publicId.substring(0, 8));
            }
            assertThat(SessionIds.publicId(SessionIds.storeKey(id))).isEqualTo(publicId);
            assertThat(key.toString()).doesNotContain(key.text().substring(0, 8));
        }
    }

    @Test
    void a_generator_of_valid_ids_is_used_unchanged() {
        AtomicInteger counter = new AtomicInteger();
        Supplier<String> generator = () -> "A".repeat(19) + (100 + counter.incrementAndGet());

        assertThat(SessionIds.checking(generator)).isSameAs(generator);
        assertThat(counter).hasValue(64);
        assertThatCode(() -> SessionIds.checking(() -> ids.get() + ids.get() + "a".repeat(42)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "aaaaaaaaaaaaaaaaaaaaa",
                "aaaaaaaaaaaaaaaaaaaaa.",
                "aaaaaaaaaaaaaaaaaaaaa=",
                "aaaaaaaaaaaaaaaaaaaaa\u0141"
            })
    void a_generator_of_ids_that_no_token_may_contain_is_refused(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionIds.checking(() -> id))
                .withMessageContaining("22 to 128 characters of base64url");
    }

    @Test
    void a_generator_of_repeated_or_too_long_ids_is_refused() {
        AtomicInteger counter = new AtomicInteger();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionIds.checking(() -> "a".repeat(21) + counter.incrementAndGet() % 9))
                .withMessageContaining("the same id twice");
        assertThatIllegalArgumentException().isThrownBy(() -> SessionIds.checking(() -> "a".repeat(129)));
    }
}
