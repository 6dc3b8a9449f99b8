package dev.sojourn.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The memory store receives no id, and the contract would find one. */
class LeakContractTest extends LeakContract {
    private static final String TOKEN = base64url('i') + "." + base64url('s');

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    private static String base64url(char letter) {
        byte[] bytes = String.valueOf(letter).repeat(32).getBytes(StandardCharsets.US_ASCII);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    protected SessionStore open() {
        MemoryStore memory = new MemoryStore();
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (proxy, method, arguments) -> {
                    for (Object each : arguments == null ? new Object[0] : arguments) {
                        record(each);
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void record(Object argument) {
        if (argument instanceof StoreKey key) {
            received.writeBytes(key.text().getBytes(StandardCharsets.UTF_8));
        } else if (argument instanceof StoredSession session) {
            received.writeBytes(session.payload());
            received.writeBytes(String.valueOf(session.subject()).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    protected byte[] dump() {
        return received.toByteArray();
    }

    @Test
    void a_dump_without_the_planted_records_fails() {
        LeakContract empty = new LeakContract() {
            @Override
            protected SessionStore open() {
                return new MemoryStore();
            }

            @Override
            protected byte[] dump() {
                return new byte[1_000];
            }
        };

        assertThatThrownBy(empty::no_id_and_no_token_is_in_a_dump_in_any_encoding)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the dump contains what is in the store");
    }

    @Test
    void every_encoding_is_found_at_every_position() {
        List<SecretEncoding> encodings = SecretEncoding.ofToken(TOKEN);
        assertThat(encodings)
                .extracting(SecretEncoding::name)
                .contains(
                        "the id's bytes", "hex of the id's text", "base64 of the token", "base64url of the id's bytes")
                .doesNotHaveDuplicates();
        for (SecretEncoding each : encodings) {
            String text = new String(each.bytes(), StandardCharsets.ISO_8859_1);
            for (String searched : List.of(text, "x" + text, text + "x", text.substring(0, 9) + text + text)) {
                assertThat(new ByteSearch(searched.getBytes(StandardCharsets.ISO_8859_1)).find(List.of(each)))
                        .containsExactly(each);
            }
            assertThat(new ByteSearch(text.substring(1).getBytes(StandardCharsets.ISO_8859_1)).find(List.of(each)))
                    .isEmpty();
        }
    }

    @Test
    void no_encoding_reveals_the_secret_in_its_text() {
        assertThat(SecretEncoding.ofToken(TOKEN))
                .allSatisfy(each -> assertThat(each.toString())
                        .doesNotContain(new String(each.bytes(), StandardCharsets.ISO_8859_1)));
    }
}
