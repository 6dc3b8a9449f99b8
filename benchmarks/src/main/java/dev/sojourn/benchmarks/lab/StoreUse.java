package dev.sojourn.benchmarks.lab;

/**
 * What the lab keeps in a store. Sessions and revocations share a server or a file, and have their own keys or table there,
 * because a store's sweep takes everything in it for sessions.
 */
enum StoreUse {
    /** Sessions, at the places where Sojourn's stores keep them by default. */
    SESSIONS("sojourn:", "sojourn_session"),
    /** Revocations of tokens and of sealed sessions. */
    REVOCATIONS("sojourn-revocation:", "sojourn_revocation");

    private final String keyPrefix;
    private final String table;

    StoreUse(String keyPrefix, String table) {
        this.keyPrefix = keyPrefix;
        this.table = table;
    }

    /** Returns the prefix of the keys in Redis. */
    String keyPrefix() {
        return keyPrefix;
    }

    /** Returns the table's name in a database. */
    String table() {
        return table;
    }
}
