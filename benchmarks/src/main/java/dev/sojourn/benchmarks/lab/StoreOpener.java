package dev.sojourn.benchmarks.lab;

/** Opens the store that {@code --store} names. */
@FunctionalInterface
interface StoreOpener {
    /**
     * Opens the store.
     *
     * @return the open store
     * @throws dev.sojourn.spi.StoreException if the store is unavailable; the message contains no password
     */
    OpenStore open();
}
