package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The permits that the sessions of one user have: {@code SPL1}, then 11 characters for each. Each login under a limit
 * replaces this record of the session store by compare-and-set, which decides between logins at the same time. May name
 * permits of sessions that have ended. Immutable.
 *
 * <p>It is no JSON, so an engine that finds it in a sweep reads no session. It belongs to no user, so no list contains it.
 *
 * @param version the record's version
 * @param permits the permits
 */
record PermitList(long version, Set<String> permits) {
    /**
     * Longer than a login may take. Without a list, each session counts, so it may be dropped whenever no login is in progress.
     */
    private static final Duration KEPT = UserIndex.MIN_EPOCH_LIFETIME;

    private static final String MAGIC = "SPL1";

    PermitList {
        permits = Set.copyOf(permits);
    }

    /** Returns a list with a new version. */
    static PermitList of(Collection<String> permits) {
        return new PermitList(ThreadLocalRandom.current().nextLong(), new LinkedHashSet<>(permits));
    }

    /** Returns the key of a user's list: the key of no id, which contains no space. */
    static StoreKey key(String subject) {
        return SessionIds.storeKey("sojourn permits " + subject);
    }

    /** Reads a list; throws if the record is none. */
    static PermitList read(StoredSession stored) {
        String text = new String(stored.payload(), StandardCharsets.ISO_8859_1);
        int length = text.length() - MAGIC.length();
        if (!text.startsWith(MAGIC) || length % Permit.LENGTH != 0) {
            throw new SessionUnavailableException(
                    Reason.STORE_UNAVAILABLE,
                    "the list of a user's permits is no record of its format 1: a newer version of Sojourn wrote it",
                    null);
        }
        Set<String> permits = new LinkedHashSet<>();
        for (int from = MAGIC.length(); from < text.length(); from += Permit.LENGTH) {
            permits.add(text.substring(from, from + Permit.LENGTH));
        }
        return new PermitList(stored.version(), permits);
    }

    /** Returns the record to store. */
    StoredSession toStored(Instant now) {
        byte[] payload = (MAGIC + String.join("", permits)).getBytes(StandardCharsets.ISO_8859_1);
        return new StoredSession(payload, version, now.plus(KEPT), null);
    }
}
