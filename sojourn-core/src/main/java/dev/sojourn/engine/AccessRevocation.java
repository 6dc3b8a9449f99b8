package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import org.jspecify.annotations.Nullable;

/**
 * Revokes the access tokens of a session that is about to end or to get a new id. It runs before the record is removed: a
 * node that dies in between leaves a session whose tokens are refused, never one that has ended and whose tokens are
 * accepted.
 */
interface AccessRevocation {
    /**
     * Revokes all access tokens that were issued so far; does nothing for a session that has none. May block. May be
     * repeated.
     *
     * @param key the session's store key
     * @param record its record, which has a generation if the session has access tokens; null if it cannot be read
     * @throws SessionUnavailableException if the revocation was not stored; then the session must not be ended
     */
    void revoke(StoreKey key, @Nullable SessionRecord record);
}
