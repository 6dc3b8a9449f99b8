package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The part of the {@link SessionStoreContract} about values: a record is read exactly as it was written. */
abstract class StoreContractValues extends StoreContractCalls {
    /** Checks that both create and compareAndSet keep this record exactly. */
    final void assertKept(StoredSession session) {
        StoreKey created = key();
        create(created, session);
        assertStored(session, created);

        StoreKey replaced = key();
        long other = session.version() + 1;
        create(replaced, session(other, now.plusSeconds(60), session.subject()));
        replace(replaced, other, session);
        assertStored(session, replaced);
        assertLost(session, store().delete(replaced, other));
    }

    // ---- payload

    @Test
    final void a_payload_may_contain_every_byte_value() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertKept(new StoredSession(bytes, 1, now.plusSeconds(60), null));
    }

    @Test
    final void a_payload_may_be_empty() {
        assertKept(new StoredSession(new byte[0], 1, now.plusSeconds(60), null));
    }

    @Test
    final void a_payload_may_have_64_kibibytes() {
        byte[] bytes = new byte[64 << 10];
        RANDOM.nextBytes(bytes);
        assertKept(new StoredSession(bytes, 1, now.plusSeconds(60), "alice"));
    }

    @Test
    final void a_loaded_record_does_not_change_with_the_stored_one() {
        StoreKey key = key();
        StoredSession session = create(key, session(1));
        byte[] bytes = session.payload().clone();
        StoredSession before = load(key);

        replace(key, 1, session(2));
        assertTrue(store().touch(key, 2, 3, now.plusSeconds(9_000)));

        assertEquals(1, before.version());
        assertArrayEquals(bytes, before.payload(), "a returned payload stays as it is");
        assertArrayEquals(bytes, session.payload(), "an argument's payload stays as it is");
    }

    // ---- expiry

    @Test
    final void an_expiry_keeps_its_milliseconds() {
        Instant second = now.plusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
        for (int millis : new int[] {0, 1, 9, 10, 123, 500, 998, 999}) {
            assertKept(new StoredSession(new byte[] {1}, 1, second.plusMillis(millis), null));
        }
    }

    @Test
    final void an_expiry_may_be_20_years_away() {
        assertKept(session(1, now.plus(Duration.ofDays(3_650)), null));
        assertKept(session(1, now.plus(Duration.ofDays(20 * 365)), null));
    }

    // ---- version

    @Test
    final void a_version_may_be_any_64_bit_number() {
        long[] versions = {
            0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x00FF_00FF_00FF_00FFL, (1L << 53) + 1, -(1L << 53) - 1
        };
        StoreKey key = key();
        long before = 42;
        create(key, session(before));
        for (long version : versions) {
            StoredSession replacement = replace(key, before, session(version));
            assertStored(replacement, key);
            assertTrue(store().touch(key, version, ~version, replacement.expiresAt()));
            assertEquals(~version, load(key).version());
            assertFalse(store().touch(key, version, 7, replacement.expiresAt()));
            before = ~version;
        }
        assertDone(store().delete(key, before));
    }

    @Test
    final void versions_are_compared_to_the_last_bit() {
        long version = (1L << 62) + 1;
        StoreKey key = key();
        StoredSession present = create(key, session(version));

        assertLost(present, store().compareAndSet(key, version - 1, session(5)));
        assertLost(present, store().compareAndSet(key, version + 1, session(5)));
        assertLost(present, store().compareAndSet(key, -version, session(5)));

        assertStored(present, key);
    }

    // ---- subject

    @Test
    final void a_subject_may_be_null() {
        assertKept(session(1, now.plusSeconds(60), null));
    }

    @Test
    final void a_subject_may_be_any_text() {
        List<String> subjects = List.of(
                "a",
                "Alice",
                " alice ",
                "null",
                "O'Hara; DROP TABLE users; --",
                "100%_\\",
                "a:b|c,d{e}\"f\"",
                "Zo\u00eb \u00df \u0130 \u1e9e",
                "\u5c71\u7530\u592a\u90ce",
                "\ud83d\udc69\u200d\ud83d\ude80",
                "e\u0301");
        for (String subject : subjects) {
            assertKept(session(1, now.plusSeconds(60), subject));
        }
    }

    @Test
    final void a_subject_may_have_256_characters() {
        assertKept(session(1, now.plusSeconds(60), "x".repeat(256)));
        assertKept(session(1, now.plusSeconds(60), "\u5c71".repeat(256)));
        assertKept(session(1, now.plusSeconds(60), "\ud83d\ude80".repeat(128)));
    }

    // ---- key

    @Test
    final void keys_that_differ_in_one_character_or_in_case_are_different() {
        String text = key().text().substring(2);
        List<String> texts = List.of(
                text + "ab", text + "aB", text + "Ab", text + "AB", text + "a_", text + "a-", text + "__", text + "a");
        for (int i = 0; i < texts.size(); i++) {
            assertTrue(store().create(StoreKey.of(texts.get(i)), session(100 + i)), "key " + i + " is not free");
        }
        for (int i = 0; i < texts.size(); i++) {
            assertEquals(100 + i, load(StoreKey.of(texts.get(i))).version());
        }
        assertDone(store().delete(StoreKey.of(texts.get(4)), 104));
        assertAbsent(StoreKey.of(texts.get(4)));
        for (int i : new int[] {0, 1, 2, 3, 5, 6, 7}) {
            assertTrue(store().load(StoreKey.of(texts.get(i))).isPresent(), "key " + i + " was removed too");
        }
    }
}
