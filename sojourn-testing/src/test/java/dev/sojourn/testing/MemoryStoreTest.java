package dev.sojourn.testing;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.SessionStore;

class MemoryStoreTest extends SessionStoreContract {
    @Override
    protected SessionStore open() {
        return new MemoryStore();
    }
}
