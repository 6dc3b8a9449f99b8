package dev.sojourn;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the records that a full {@link MemoryStore} evicts for one reason. Logs a warning at the first one and then at
 * every thousandth.
 */
final class Evictions {
    private static final int PER_LINE = 1_000;

    private final String reason;
    private final AtomicLong sum = new AtomicLong();

    Evictions(String reason) {
        this.reason = reason;
    }

    long sum() {
        return sum.get();
    }

    void count(int more) {
        if (more == 0) {
            return;
        }
        long before = sum.getAndAdd(more);
        if (before == 0 || before / PER_LINE != (before + more) / PER_LINE) {
            System.getLogger("dev.sojourn").log(Level.WARNING, reason + ", " + (before + more) + " so far");
        }
    }
}
