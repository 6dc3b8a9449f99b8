package dev.sojourn.benchmarks.lab;

import dev.sojourn.spi.SessionStore;

/**
 * A store, and what is closed after it.
 *
 * @param store the store itself: nothing stands in between that a measurement would see
 * @param after closes the pool below the store
 */
record OpenStore(SessionStore store, Runnable after) implements AutoCloseable {
    OpenStore(SessionStore store) {
        this(store, () -> {});
    }

    @Override
    public void close() {
        store.close();
        after.run();
    }
}
