package dev.sojourn.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.SessionListener;
import dev.sojourn.engine.RevocationList;
import dev.sojourn.engine.RevocationSettings;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The rules for two nodes that keep their revocations in one real store. A test class extends it and opens the store. The
 * nodes' clocks are set by the tests; that of the store is real.
 */
public abstract class RevocationListContract {
    private static final Duration DELAY = Duration.ofMinutes(1);
    private static final Duration LIFETIME = Duration.ofHours(12);
    private static final int WRITERS = 8;
    /** More than one chunk holds, of all writers together. */
    private static final int EACH = 350;

    private final String space = "revoked_" + Long.toString(System.nanoTime(), 36);
    private final SettableClock clock = new SettableClock();
    private final List<SessionStore> opened = new ArrayList<>();
    private final List<StoreKey> keys = new CopyOnWriteArrayList<>();

    /** For subclasses. */
    protected RevocationListContract() {}

    /**
     * Opens the store for one node.
     *
     * @param name letters, digits and underscores; stores with the same name have the same records
     * @return the store, closed after the test
     */
    protected abstract SessionStore open(String name);

    @AfterEach
    final void close() {
        opened.forEach(SessionStore::close);
    }

    private SessionStore store() {
        SessionStore store = open(space);
        opened.add(store);
        return store;
    }

    private RevocationList node() {
        return node(clock);
    }

    private RevocationList node(SettableClock its) {
        SessionStore store = store();
        SessionStore noting = new ForwardingStore() {
            @Override
            protected SessionStore store() {
                return store;
            }

            @Override
            public boolean create(StoreKey key, StoredSession session) {
                keys.add(key);
                return super.create(key, session);
            }
        };
        RevocationList node = RevocationList.of(
                noting,
                new RevocationSettings(DELAY, Duration.ZERO, its, new SessionListener() {}, new SecureRandom()));
        node.requireLifetime(LIFETIME);
        return node;
    }

    private Instant inAnHour() {
        return clock.instant().plusSeconds(3_600);
    }

    private void letViewsGrowOld() {
        clock.advance(DELAY.plusMillis(1));
    }

    private static List<String> accepted(RevocationList node, String prefix, int count) {
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (!node.isRevoked(prefix + i)) {
                accepted.add(prefix + i);
            }
        }
        return accepted;
    }

    @Test
    final void a_revoked_token_is_refused_at_once_on_its_node_and_on_the_other_after_the_delay() {
        RevocationList node = node();
        RevocationList other = node();
        assertFalse(other.isRevoked("a"));

        node.revoke("a", inAnHour());

        assertTrue(node.isRevoked("a"));
        assertFalse(node.isRevoked("b"));
        letViewsGrowOld();
        assertTrue(other.isRevoked("a"));
        assertFalse(other.isRevoked("b"));
        assertTrue(node().isRevoked("a"), "after a restart");
    }

    @Test
    final void the_end_of_all_sessions_of_a_user_counts_on_both_nodes() {
        RevocationList node = node();
        RevocationList other = node();
        assertTrue(other.isTagCurrent("alice", null));

        node.endAll("alice");

        assertFalse(node.isTagCurrent("alice", null));
        assertTrue(node.isRevokedAt("alice", clock.instant().minusSeconds(2)));
        String first = other.freshTag("alice");
        assertTrue(node.isTagCurrent("alice", first));
        other.endAll("alice");
        String second = node.freshTag("alice");
        assertNotEquals(first, second);
        assertEquals(second, other.freshTag("alice"));
        assertFalse(other.isTagCurrent("alice", first));
    }

    @Test
    final void many_threads_on_two_nodes_lose_no_revocation() throws Exception {
        List<RevocationList> nodes = List.of(node(), node());
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<Boolean>> running = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                RevocationList its = nodes.get(i % 2);
                String prefix = "w" + i + "-";
                running.add(threads.submit(() -> {
                    for (int number = 0; number < EACH; number++) {
                        its.revoke(prefix + number, inAnHour());
                    }
                    its.endAll("alice");
                    return accepted(its, prefix, EACH).isEmpty();
                }));
            }
            for (Future<Boolean> each : running) {
                assertTrue(each.get(120, TimeUnit.SECONDS), "on its own node at once");
            }
        } finally {
            threads.shutdownNow();
        }

        assertTrue(keys.size() > 2, "the head and more than one chunk");
        letViewsGrowOld();
        String tag = nodes.get(0).freshTag("alice");
        for (RevocationList node : List.of(nodes.get(0), nodes.get(1), node())) {
            for (int i = 0; i < WRITERS; i++) {
                assertEquals(List.of(), accepted(node, "w" + i + "-", EACH));
            }
            assertEquals(tag, node.freshTag("alice"));
        }
    }

    @Test
    final void a_store_that_was_emptied_gets_back_what_the_nodes_know() {
        RevocationList node = node();
        RevocationList other = node();
        node.revoke("a", inAnHour());
        other.revoke("b", inAnHour());
        node.endAll("alice");
        SessionStore store = store();
        for (StoreKey key : keys) {
            store.load(key).ifPresent(record -> store.delete(key, record.version()));
        }

        letViewsGrowOld();
        assertTrue(node.isRevoked("a"));
        assertTrue(other.isRevoked("b"));
        assertFalse(node.isTagCurrent("alice", null));

        RevocationList started = node();
        assertTrue(started.isRevoked("a"));
        assertTrue(started.isRevoked("b"));
        assertFalse(started.isTagCurrent("alice", null));
    }

    @Test
    final void nodes_whose_clocks_are_wrong_end_sessions_for_as_long_as_others_and_remove_nothing() {
        SettableClock behind = new SettableClock();
        behind.set(clock.instant().minus(Duration.ofDays(30)));
        SettableClock ahead = new SettableClock();
        ahead.set(clock.instant().plus(Duration.ofDays(30)));
        RevocationList right = node();
        right.revoke("a", inAnHour());

        node(behind).endAll("alice");
        node(ahead).endAll("bob");

        letViewsGrowOld();
        for (RevocationList node : List.of(right, node())) {
            assertTrue(node.isRevoked("a"));
            assertFalse(node.isTagCurrent("alice", null));
            assertFalse(node.isTagCurrent("bob", null));
        }
    }

    @Test
    final void the_records_are_kept_until_their_last_entry_has_ended() {
        RevocationList node = node();
        Instant last = clock.instant().plus(LIFETIME);
        node.revoke("a", inAnHour());
        node.revoke("b", last);

        SessionStore store = store();
        assertEquals(2, keys.size());
        for (StoreKey key : keys) {
            StoredSession record = store.load(key).orElseThrow();
            assertFalse(record.expiresAt().isBefore(last), "expires at " + record.expiresAt());
        }
    }
}
