package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SessionStoreContract.Capability;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The part of the {@link SessionStoreContract} about expired records: for five minutes after its expiry a record is like
 * any other. A store that declares this capability missing has to remove a record at its expiry.
 */
abstract class StoreContractExpiry extends StoreContractValues {
    @TestFactory
    final Stream<DynamicTest> expired_records() {
        return has(Capability.EXPIRED_RECORDS)
                ? Stream.of(
                        rule("block_create", this::expiredBlocksCreate),
                        rule("can_be_replaced_touched_and_deleted", this::expiredCanBeChanged),
                        rule("are_kept_from_the_last_millisecond_on", this::nearExpiryIsKept),
                        rule("are_loaded_until_five_minutes_after_their_expiry", this::expiredIsLoaded),
                        rule("are_loaded_after_a_touch_or_replacement_to_the_past", this::changedToThePastIsLoaded))
                : Stream.of(
                        rule("are_absent_after_create", this::expiredIsAbsent),
                        rule("cannot_be_replaced_touched_or_deleted", this::expiredCannotBeChanged),
                        rule("leave_their_key_free_for_create", this::expiredLeavesItsKeyFree),
                        rule("are_absent_after_a_replacement_to_the_past", this::replacedToThePastIsAbsent),
                        rule("are_absent_after_a_touch_to_the_past", this::touchedToThePastIsAbsent));
    }

    @Test
    final void long_after_its_expiry_a_record_is_complete_or_absent() {
        StoreKey key = key();
        StoredSession session = session(1, now.minus(Duration.ofDays(2)), "alice");
        assertTrue(store().create(key, session));

        Optional<StoredSession> later = store().load(key);

        later.ifPresent(found -> assertSameSession(session, found));
    }

    // ---- a store that keeps expired records

    private void expiredBlocksCreate() {
        StoreKey key = key();
        StoredSession expired = create(key, session(1, now.minusSeconds(60), null));

        assertFalse(store().create(key, session(2)));

        assertStored(expired, key);
    }

    private void expiredCanBeChanged() {
        StoreKey key = key();
        Instant expired = now.minusSeconds(120);
        create(key, session(1, expired, "alice"));

        StoredSession replacement = replace(key, 1, session(2, expired, "alice"));
        assertStored(replacement, key);
        assertTrue(store().touch(key, 2, 3, now.plusSeconds(60)));
        assertDone(store().delete(key, 3));

        assertAbsent(key);
    }

    private void nearExpiryIsKept() {
        assertKept(session(1, now.plusMillis(1), null));
    }

    private void expiredIsLoaded() {
        for (int seconds : new int[] {0, 1, 60, 240}) {
            assertKept(session(1, now.minusSeconds(seconds), "alice"));
        }
    }

    private void changedToThePastIsLoaded() {
        StoreKey touched = key();
        StoredSession session = create(touched, session(1));
        assertTrue(store().touch(touched, 1, 2, now.minusSeconds(60)));
        assertStored(new StoredSession(session.payload(), 2, now.minusSeconds(60), session.subject()), touched);

        StoreKey replaced = key();
        create(replaced, session(1));
        assertStored(replace(replaced, 1, session(2, now.minusSeconds(60), "alice")), replaced);
    }

    // ---- a store that removes a record at its expiry

    private void expiredIsAbsent() {
        for (int seconds : new int[] {1, 60, 240}) {
            assertAbsent(create(now.minusSeconds(seconds), "alice"));
        }
    }

    private void expiredCannotBeChanged() {
        StoreKey key = create(now.minusSeconds(60), "alice");

        assertLostToAbsence(store().compareAndSet(key, 1, session(2)));
        assertFalse(store().touch(key, 1, 2, now.plusSeconds(60)));
        assertLostToAbsence(store().delete(key, 1));

        assertAbsent(key);
    }

    private void expiredLeavesItsKeyFree() {
        StoreKey key = create(now.minusSeconds(60), "alice");

        assertStored(create(key, session(2)), key);
    }

    private void replacedToThePastIsAbsent() {
        StoreKey key = key();
        create(key, session(1));

        replace(key, 1, session(2, now.minusSeconds(60), "alice"));

        assertAbsent(key);
    }

    private void touchedToThePastIsAbsent() {
        StoreKey key = key();
        create(key, session(1));

        assertTrue(store().touch(key, 1, 2, now.minusSeconds(60)));

        assertAbsent(key);
    }
}
