package dev.sojourn.engine;

import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;

/**
 * A live record as it was stored when a request read or wrote it.
 *
 * @param key its key
 * @param stored its stored form
 * @param record its decoded form
 */
record RecordSnapshot(StoreKey key, StoredSession stored, SessionRecord record) {
    long version() {
        return stored.version();
    }
}
