package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.MemoryStore;
import dev.sojourn.SessionListener;
import dev.sojourn.engine.RevocationList;
import dev.sojourn.engine.RevocationSettings;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two nodes with one list of revocations. */
class RevocationsTest {
    private static final Duration DELAY = Duration.ofMinutes(1);

    private final SettableClock clock = new SettableClock();
    private final FaultyStore store =
            new FaultyStore(MemoryStore.builder().clock(clock).build());
    private final RevocationList node = node();
    private final RevocationList other = node();

    private RevocationList node() {
        RevocationList list = RevocationList.of(
                store,
                new RevocationSettings(DELAY, Duration.ZERO, clock, new SessionListener() {}, new SecureRandom()));
        list.requireLifetime(Duration.ofHours(12));
        return list;
    }

    @Test
    void a_revoked_token_is_refused_at_once_on_this_node_and_after_the_delay_on_the_other() {
        assertFalse(other.isRevoked("a"));
        node.revoke("a", clock.instant().plusSeconds(600));
        assertTrue(node.isRevoked("a"));
        assertFalse(node.isRevoked("b"));
        clock.advance(DELAY.plusMillis(1));
        assertTrue(other.isRevoked("a"));
    }

    @Test
    void tokens_from_before_the_end_of_all_sessions_of_a_user_are_not_current() {
        assertTrue(node.isTagCurrent("alice", null));
        assertNull(node.freshTag("alice"));
        node.endAll("alice");
        assertFalse(node.isTagCurrent("alice", null));
        String tag = other.freshTag("alice");
        assertTrue(node.isTagCurrent("alice", tag));
        node.endAll("alice");
        assertFalse(node.isTagCurrent("alice", tag));
        assertNotEquals(tag, other.freshTag("alice"));
        assertEquals(node.freshTag("alice"), other.freshTag("alice"));
        assertTrue(node.isTagCurrent("bob", null));
    }
}
