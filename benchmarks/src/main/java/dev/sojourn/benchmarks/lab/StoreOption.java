package dev.sojourn.benchmarks.lab;

import java.util.Locale;

/**
 * The value of {@code --store}: the kind of session and the URL of the store below it.
 *
 * @param url where sessions are kept, or only revocations if the sessions are sealed; may contain a password
 */
record StoreOption(Kind kind, String url) {
    static final String MEMORY = "memory";

    /** A kind of session. */
    enum Kind {
        IN_STORE,
        SEALED,
        TOKENS
    }

    /** Parses {@code URL}, {@code sealed}, {@code sealed:URL}, {@code tokens} or {@code tokens:URL}. */
    static StoreOption parse(String option) {
        for (Kind kind : new Kind[] {Kind.SEALED, Kind.TOKENS}) {
            String name = kind.name().toLowerCase(Locale.ROOT);
            if (option.equals(name)) {
                return new StoreOption(kind, MEMORY);
            }
            if (option.startsWith(name + ":")) {
                return new StoreOption(kind, option.substring(name.length() + 1));
            }
        }
        return new StoreOption(Kind.IN_STORE, option);
    }

    /** Omits the URL. */
    @Override
    public String toString() {
        return "StoreOption[" + kind + "]";
    }
}
