package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An encrypted record, byte for byte, as another implementation of the reference's description has written it. */
class EncryptedRecordVectorTest {
    private static final String SECRET = "k7Jq2vXw9RzB4mTn8sYc1dLf6gHp3aEu";
    private static final String KEY = "qSs9gzZ0vXhOZ9YqG8rXfUqQyB1t3m5kL7wN2aPcDeE";
    private static final String PLAIN = "{\"format\":1,\"created\":1795464236327,\"attributes\":{\"views\":1}}";
    private static final String PAYLOAD = "e55352318b312a56000102030405060708090a0b675bc96bbea7b0dbcd3fd154"
            + "c3981c8cbd2d25a6ca20ca40dffded025d9cfa22744eb5598f056dc00c04f9b3"
            + "0efd000473d5c84a4ffb12bc5894521a5ed5e95d43cb15d3cd7b656ed8dcbd01"
            + "3f";

    private final RecordCipher cipher = new RecordCipher(List.of(SECRET), new CountingRandom());

    /** Returns the bytes 0, 1, 2 and so on. */
    private static final class CountingRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) i;
            }
        }
    }

    private static StoredSession stored(byte[] payload, @Nullable String subject) {
        return new StoredSession(payload, 5, Instant.ofEpochSecond(1_800_000_000L), subject);
    }

    @Test
    void the_payload_of_the_page_is_written_and_read() {
        StoreKey key = StoreKey.of(KEY);
        StoredSession plain = stored(PLAIN.getBytes(StandardCharsets.UTF_8), "alice");

        StoredSession encrypted = cipher.encrypt(key, plain);

        assertThat(HexFormat.of().formatHex(encrypted.payload())).isEqualTo(PAYLOAD);
        StoredSession again = cipher.decrypt(key, encrypted);
        assertThat(new String(again.payload(), StandardCharsets.UTF_8)).isEqualTo(PLAIN);
        assertThat(again.version()).isEqualTo(5);
        assertThat(again.expiresAt()).isEqualTo(plain.expiresAt());
        assertThat(again.subject()).isEqualTo("alice");
    }

    @Test
    void another_key_and_another_subject_read_nothing() {
        byte[] payload = HexFormat.of().parseHex(PAYLOAD);

        assertThat(cipher.decrypt(StoreKey.of(KEY.replace('q', 'r')), stored(payload, "alice"))
                        .payload())
                .isEmpty();
        assertThat(cipher.decrypt(StoreKey.of(KEY), stored(payload, "bob")).payload())
                .isEmpty();
        assertThat(cipher.decrypt(StoreKey.of(KEY), stored(payload, null)).payload())
                .isEmpty();
    }

    @Test
    void the_page_has_this_vector() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "reference", "record-format.md"));

        assertThat(page.replaceAll("`<br>`", "")).contains(SECRET, KEY, PAYLOAD);
    }
}
