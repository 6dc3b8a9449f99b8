package dev.sojourn.engine;

import dev.sojourn.spi.StoreKey;
import org.jspecify.annotations.Nullable;

/**
 * How a request names a session that exists.
 *
 * @param id its id; null where an access token names the store key alone, from which no id can be computed
 * @param key its store key
 */
record SessionName(@Nullable String id, StoreKey key) {
    /** Never shows the id. */
    @Override
    public String toString() {
        return "SessionName[" + SessionIds.publicId(key) + "]";
    }
}
