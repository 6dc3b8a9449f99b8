package dev.sojourn.engine;

import dev.sojourn.SessionTooLargeException;

/** How many attributes a session may have, and how large one may be. */
interface AttributeLimits {
    /** The largest number that can be configured. */
    int MOST_ATTRIBUTES = 1_000_000;

    /** Checks the configured number of attributes. */
    static void checkMaxAttributes(int count) {
        if (count < 1 || count > MOST_ATTRIBUTES) {
            throw new IllegalArgumentException(
                    "maxAttributes lies between 1 and " + MOST_ATTRIBUTES + ", not " + count);
        }
    }

    /** Returns how many attributes a session may have. */
    int maxAttributes();

    /**
     * Checks one attribute when it is set.
     *
     * @param attribute its name
     * @param bytes the length of its JSON
     * @throws SessionTooLargeException if no session has room for it
     */
    void checkSize(String attribute, int bytes);
}
