package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * The part of the {@link SessionStoreContract} about single calls: {@code load}, {@code create}, {@code compareAndSet},
 * {@code touch} and {@code delete}.
 */
abstract class StoreContractCalls extends StoreContractSupport {
    // ---- create and load

    @Test
    final void load_of_an_unknown_key_returns_nothing() {
        assertAbsent(key());
    }

    @Test
    final void create_adds_a_record_that_load_returns_unchanged() {
        StoreKey key = key();
        StoredSession session = session(17);

        assertTrue(store().create(key, session));

        assertStored(session, key);
    }

    @Test
    final void create_on_a_live_record_changes_nothing() {
        StoreKey key = key();
        StoredSession first = create(key, session(1));

        assertFalse(store().create(key, session(2)));
        assertFalse(store().create(key, session(1)), "not even with the same version");

        assertStored(first, key);
    }

    @Test
    final void the_key_of_a_deleted_record_is_free_for_create() {
        StoreKey key = key();
        create(key, session(1));
        assertDone(store().delete(key, 1));

        StoredSession second = create(key, session(2));

        assertStored(second, key);
    }

    // ---- compareAndSet

    @Test
    final void compare_and_set_replaces_the_expected_version() {
        StoreKey key = key();
        create(key, session(1));
        StoredSession replacement = session(2, now.plusSeconds(7_201), "alice");

        assertDone(store().compareAndSet(key, 1, replacement));

        assertStored(replacement, key);
    }

    @Test
    final void compare_and_set_may_shorten_the_payload_and_the_expiry() {
        StoreKey key = key();
        create(key, new StoredSession(new byte[5_000], 1, now.plusSeconds(7_200), "alice"));
        StoredSession replacement = new StoredSession(new byte[] {1}, 2, now.plusSeconds(300), "alice");

        assertDone(store().compareAndSet(key, 1, replacement));

        assertStored(replacement, key);
    }

    @Test
    final void compare_and_set_never_creates() {
        StoreKey key = key();

        assertLostToAbsence(store().compareAndSet(key, 1, session(2)));
        assertLostToAbsence(store().compareAndSet(key, 0, session(2)));

        assertAbsent(key);
    }

    @Test
    final void compare_and_set_does_not_bring_back_a_deleted_record() {
        StoreKey key = key();
        create(key, session(1));
        assertDone(store().delete(key, 1));

        assertLostToAbsence(store().compareAndSet(key, 1, session(2)));

        assertAbsent(key);
    }

    @Test
    final void compare_and_set_of_a_stale_version_writes_nothing_and_returns_the_present_record() {
        StoreKey key = key();
        create(key, session(1));
        StoredSession present = replace(key, 1, session(2));

        assertLost(present, store().compareAndSet(key, 1, session(3)));

        assertStored(present, key);
    }

    @Test
    final void compare_and_set_is_lost_when_it_is_repeated() {
        StoreKey key = key();
        create(key, session(1));
        StoredSession replacement = replace(key, 1, session(2));

        assertLost(replacement, store().compareAndSet(key, 1, replacement));

        assertStored(replacement, key);
    }

    // ---- touch

    @Test
    final void touch_changes_version_and_expiry_and_keeps_payload_and_subject() {
        StoreKey key = key();
        StoredSession before = create(key, session(1));
        Instant later = now.plusSeconds(5_432).plusMillis(1);

        assertTrue(store().touch(key, 1, 2, later));

        assertStored(new StoredSession(before.payload(), 2, later, before.subject()), key);
    }

    @Test
    final void touch_may_shorten_the_expiry_and_keep_the_version() {
        StoreKey key = key();
        StoredSession before = create(key, session(1));
        Instant earlier = now.plusSeconds(30);

        assertTrue(store().touch(key, 1, 1, earlier));

        assertStored(new StoredSession(before.payload(), 1, earlier, before.subject()), key);
    }

    @Test
    final void touch_of_a_stale_version_changes_nothing() {
        StoreKey key = key();
        create(key, session(1));
        StoredSession present = replace(key, 1, session(2));

        assertFalse(store().touch(key, 1, 3, now.plusSeconds(9_999)));

        assertStored(present, key);
    }

    @Test
    final void touch_never_creates() {
        StoreKey key = key();

        assertFalse(store().touch(key, 1, 2, now.plusSeconds(60)));

        assertAbsent(key);
    }

    // ---- delete

    @Test
    final void delete_removes_the_expected_version() {
        StoreKey key = key();
        create(key, session(1));

        assertDone(store().delete(key, 1));

        assertAbsent(key);
    }

    @Test
    final void delete_of_a_stale_version_removes_nothing_and_returns_the_present_record() {
        StoreKey key = key();
        create(key, session(1));
        StoredSession present = replace(key, 1, session(2));

        assertLost(present, store().delete(key, 1));

        assertStored(present, key);
    }

    @Test
    final void delete_after_a_touch_returns_the_touched_record() {
        StoreKey key = key();
        StoredSession before = create(key, session(1));
        Instant later = now.plusSeconds(8_000);
        assertTrue(store().touch(key, 1, 2, later));

        assertLost(new StoredSession(before.payload(), 2, later, before.subject()), store().delete(key, 1));
    }

    @Test
    final void delete_of_an_absent_record_returns_that_there_is_none() {
        StoreKey key = key();
        assertLostToAbsence(store().delete(key, 1));

        create(key, session(1));
        assertDone(store().delete(key, 1));

        assertLostToAbsence(store().delete(key, 1));
    }
}
