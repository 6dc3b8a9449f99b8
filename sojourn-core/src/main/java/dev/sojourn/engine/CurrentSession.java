package dev.sojourn.engine;

import dev.sojourn.Session;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The session of the request that asks, among all of its user: under the key that it has, under the one that it will have
 * once a new id is committed, and under those that a {@code changeId} of another tab gave it since this request loaded it.
 *
 * <p>The latter are found without a look at each: whatever {@code changeId} makes of a session has its beginning to the
 * millisecond. Only another session of that very beginning costs a load, which tells whether it came from this one.
 */
final class CurrentSession {
    private final Predicate<StoreKey> known;
    private final @Nullable RecordSnapshot loaded;
    private final SessionRecords vault;
    private final Set<StoreKey> successors = new HashSet<>();
    /** The last of them, or null. */
    private @Nullable StoreKey reached;

    private CurrentSession(Predicate<StoreKey> known, @Nullable RecordSnapshot loaded, SessionRecords vault) {
        this.known = known;
        this.loaded = loaded;
        this.vault = vault;
    }

    /** The session of a request; of one that an application wrapped only what its handle says. */
    static CurrentSession of(Session session, SessionRecords vault) {
        if (session instanceof HandlerSession own) {
            return new CurrentSession(own.live()::isStoredUnder, own.live().loaded(), vault);
        }
        String handle = session.publicId();
        return new CurrentSession(key -> SessionIds.handle(key).equals(handle), null, vault);
    }

    /** Nobody asks. */
    static CurrentSession none(SessionRecords vault) {
        return new CurrentSession(key -> false, null, vault);
    }

    /** Whether it is known by now to be this one. */
    boolean is(StoreKey key) {
        return known.test(key) || successors.contains(key);
    }

    /** Whether a record is this one's, live or retired. */
    boolean is(StoreKey key, SessionRecord record, EventBuffer events) {
        if (!is(key)
                && loaded != null
                && record.createdAt().equals(loaded.record().createdAt())) {
            follow(reached == null ? loaded.key() : reached, events);
        }
        return is(key);
    }

    /** Goes on from where it has come to before, so it loads no retired record twice. */
    private void follow(StoreKey from, EventBuffer events) {
        StoreKey next = from;
        while (next != null && vault.load(next, events) instanceof StoredState.Retired retired) {
            next = retired.record().successor();
            if (next != null) {
                successors.add(next);
                reached = next;
            }
        }
    }
}
