package dev.sojourn.tools;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.SessionStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The contract for revocations, on memory stores. */
class MemoryRevocationListTest extends RevocationListContract {
    private final Map<String, MemoryStore> stores = new ConcurrentHashMap<>();

    @Override
    protected SessionStore open(String name) {
        return stores.computeIfAbsent(name, key -> new MemoryStore());
    }
}
