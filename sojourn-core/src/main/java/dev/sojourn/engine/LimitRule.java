package dev.sojourn.engine;

import dev.sojourn.OnLimit;
import java.util.Objects;

/**
 * How many sessions a user may have.
 *
 * @param max the number, at least 1
 * @param onLimit what a login over the limit does
 */
record LimitRule(int max, OnLimit onLimit) {
    private static final int LARGEST = 10_000;

    LimitRule {
        Objects.requireNonNull(onLimit, "onLimit");
        if (max < 1 || max > LARGEST) {
            throw new IllegalArgumentException("maxSessionsPerUser lies between 1 and " + LARGEST + ", not " + max
                    + "; without the option there is no limit");
        }
    }
}
