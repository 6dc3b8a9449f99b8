package dev.sojourn.benchmarks.lab;

/** How to come to a store that {@code --store} names. */
@FunctionalInterface
interface Opening {
    /**
     * Opens it.
     *
     * @return the store
     * @throws dev.sojourn.spi.StoreException if it does not answer; the message holds no password
     */
    OpenStore open();
}
