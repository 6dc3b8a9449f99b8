package dev.sojourn.engine;

import dev.sojourn.Session;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes the current request's session among all sessions of its user: under its present key, under the key that it will
 * have once a new id is committed, and under those that a {@code changeId} of other requests gave it since this request
 * loaded it.
 *
 * <p>The last ones are recognized without loading each session: {@code changeId} keeps the beginning to the millisecond. Only
 * another session with the same beginning costs a load, which shows whether it descends from this one.
 */
final class CurrentSession {
    private final Predicate<StoreKey> known;
    private final @Nullable RecordSnapshot loaded;
    private final SessionRecords records;
    /** The public ids that it has now, and had before. */
    private final Set<String> publicIds;

    private final Set<StoreKey> successors = new HashSet<>();
    /** The last of them, or null. */
    private @Nullable StoreKey lastSuccessor;

    private CurrentSession(
            Predicate<StoreKey> known, @Nullable RecordSnapshot loaded, Set<String> publicIds, SessionRecords records) {
        this.known = known;
        this.loaded = loaded;
        this.publicIds = publicIds;
        this.records = records;
    }

    /** Returns the session of a request; one that an application wrapped is recognized by its public id alone. */
    static CurrentSession of(Session session, SessionRecords records) {
        if (session instanceof HandlerSession handed) {
            RecordSnapshot loaded = handed.request().snapshot();
            return new CurrentSession(handed.request()::isStoredUnder, loaded, publicIdsOf(loaded), records);
        }
        String publicId = session.publicId();
        return new CurrentSession(key -> SessionIds.publicId(key).equals(publicId), null, Set.of(publicId), records);
    }

    /** Returns one that matches no session. */
    static CurrentSession none(SessionRecords records) {
        return new CurrentSession(key -> false, null, Set.of(), records);
    }

    private static Set<String> publicIdsOf(@Nullable RecordSnapshot snapshot) {
        Set<String> publicIds = new HashSet<>();
        if (snapshot != null) {
            publicIds.add(SessionIds.publicId(snapshot.key()));
            publicIds.addAll(snapshot.record().formerPublicIds());
        }
        return publicIds;
    }

    /** Returns the session as this request has loaded it; null if there is none, or if an application wrapped it. */
    @Nullable
    RecordSnapshot loaded() {
        return loaded;
    }

    /** Whether a key is known to be this session's. */
    boolean is(StoreKey key) {
        return known.test(key) || successors.contains(key);
    }

    /** Whether a remembered browser was begun in this session, whose record may not name it yet. */
    boolean hasBegun(SessionRecord browser) {
        return browser.formerPublicIds().stream()
                .anyMatch(publicId -> publicIds.contains(publicId)
                        || successors.stream()
                                .anyMatch(key -> SessionIds.publicId(key).equals(publicId)));
    }

    /** Whether a record, live or retired, is this session's. May load records. */
    boolean is(StoreKey key, SessionRecord record, EventBuffer events) {
        if (!is(key)
                && loaded != null
                && record.createdAt().equals(loaded.record().createdAt())) {
            follow(lastSuccessor == null ? loaded.key() : lastSuccessor, events);
        }
        return is(key);
    }

    /** Follows the successors, from the last one found before, so that no retired record is loaded twice. */
    private void follow(StoreKey from, EventBuffer events) {
        StoreKey next = from;
        while (next != null && records.load(next, events) instanceof StoredState.Retired retired) {
            next = retired.record().successor();
            if (next != null) {
                successors.add(next);
                lastSuccessor = next;
            }
        }
    }
}
