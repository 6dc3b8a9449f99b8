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

/** The memory store is told no id, and the contract would notice one. */
class LeakContractTest extends LeakContract {
    private static final String TOKEN = base64url('i') + "." + base64url('s');

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

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
                        note(each);
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void note(Object argument) {
        if (argument instanceof StoreKey key) {
            told.writeBytes(key.text().getBytes(StandardCharsets.UTF_8));
        } else if (argument instanceof StoredSession session) {
            told.writeBytes(session.payload());
            told.writeBytes(String.valueOf(session.subject()).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    protected byte[] dump() {
        return told.toByteArray();
    }

    @Test
    void a_dump_that_does_not_show_what_is_there_fails() {
        LeakContract blind = new LeakContract() {
            @Override
            protected SessionStore open() {
                return new MemoryStore();
            }

            @Override
            protected byte[] dump() {
                return new byte[1_000];
            }
        };

        assertThatThrownBy(blind::no_spelling_of_any_id_or_token_is_in_a_dump)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("what really is in the store");
    }

    @Test
    void every_spelling_is_found_wherever_it_stands() {
        List<SecretEncoding> spellings = SecretEncoding.of(TOKEN);
        assertThat(spellings)
                .extracting(SecretEncoding::name)
                .contains(
                        "the id's bytes", "hex of the id's text", "base64 of the token", "base64url of the id's bytes")
                .doesNotHaveDuplicates();
        for (SecretEncoding each : spellings) {
            String text = new String(each.bytes(), StandardCharsets.ISO_8859_1);
            for (String hay : List.of(text, "x" + text, text + "x", text.substring(0, 9) + text + text)) {
                assertThat(new ByteSearch(hay.getBytes(StandardCharsets.ISO_8859_1)).found(List.of(each)))
                        .containsExactly(each);
            }
            assertThat(new ByteSearch(text.substring(1).getBytes(StandardCharsets.ISO_8859_1)).found(List.of(each)))
                    .isEmpty();
        }
    }

    @Test
    void no_spelling_shows_itself() {
        assertThat(SecretEncoding.of(TOKEN))
                .allSatisfy(each -> assertThat(each.toString())
                        .doesNotContain(new String(each.bytes(), StandardCharsets.ISO_8859_1)));
    }
}
