package dev.sojourn.benchmarks.lab;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.SessionStore;

/** The stores that {@code --store} can name. A new one is added here. */
final class LabStores {
    /** Room for every session that a load generator makes in some minutes. */
    private static final long MOST_SESSIONS = 2_000_000;

    private static final long MOST_BYTES = 2L << 30;

    private LabStores() {}

    static SessionStore open(String url) {
        if (url.equals("memory")) {
            return MemoryStore.builder()
                    .maxSessions(MOST_SESSIONS)
                    .maxBytes(MOST_BYTES)
                    .build();
        }
        // What stands behind the scheme may hold a password, so it is not repeated.
        int colon = url.indexOf(':');
        throw new IllegalArgumentException("there is no store '" + (colon < 0 ? url : url.substring(0, colon + 1) + "…")
                + "'; what there is: memory");
    }
}
