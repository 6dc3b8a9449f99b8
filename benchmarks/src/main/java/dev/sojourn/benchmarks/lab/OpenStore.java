package dev.sojourn.benchmarks.lab;

import dev.sojourn.spi.SessionStore;

/**
 * An open store together with the connection pool below it.
 *
 * @param store the store itself, without a wrapper that would affect measurements
 * @param closePool closes the pool
 */
record OpenStore(SessionStore store, Runnable closePool) implements AutoCloseable {
    OpenStore(SessionStore store) {
        this(store, () -> {});
    }

    @Override
    public void close() {
        store.close();
        closePool.run();
    }
}
