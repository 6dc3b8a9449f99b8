package dev.sojourn.engine;

import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;

/**
 * A live record as the store had it: what a request starts from.
 *
 * @param key its key
 * @param stored what the store gave
 * @param record what it says
 */
record RecordSnapshot(StoreKey key, StoredSession stored, SessionRecord record) {
    long version() {
        return stored.version();
    }
}
