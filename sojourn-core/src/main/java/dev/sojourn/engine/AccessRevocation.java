package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.StoreKey;

/**
 * Revokes the access tokens of a session that is about to end or to get a new id. It runs before the record is removed: a
 * node that dies in between leaves a session whose tokens are refused, never one that has ended and whose tokens are
 * accepted.
 */
interface AccessRevocation {
    /** For sessions without access tokens. */
    AccessRevocation NONE = key -> {};

    /**
     * Revokes all access tokens that were issued so far. May block. May be repeated.
     *
     * @param key the session's store key
     * @throws SessionUnavailableException if the revocation was not stored; then the session must not be ended
     */
    void revoke(StoreKey key);
}
