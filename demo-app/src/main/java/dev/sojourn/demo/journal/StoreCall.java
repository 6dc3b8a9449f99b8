package dev.sojourn.demo.journal;

/**
 * One call to a store.
 *
 * @param store which store
 * @param name the name of the method
 * @param key the shortened store key, or {@code user}
 * @param outcome the outcome, as text
 */
public record StoreCall(Store store, String name, String key, String outcome) {
    /** The stores of the demo. */
    public enum Store {
        /** Keeps sessions. */
        SESSIONS(""),
        /** Keeps the list of revocations. */
        REVOCATIONS("revocations: ");

        private final String label;

        Store(String label) {
            this.label = label;
        }
    }

    /**
     * Returns the call in one line.
     *
     * @return for example {@code load Ab12Cd…: 180 bytes}
     */
    public String text() {
        return store.label + name + " " + key + ": " + outcome;
    }
}
