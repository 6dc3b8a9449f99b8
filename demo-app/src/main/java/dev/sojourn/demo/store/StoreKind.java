package dev.sojourn.demo.store;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of store that the demo can use. */
enum StoreKind {
    MEMORY("memory", "memory"),
    /** Sessions are sealed in their cookies; only revocations are stored, in an SQLite file. */
    SEALED("sealed cookies", "sealed"),
    SQLITE("SQLite", "sqlite", "jdbc:sqlite:"),
    POSTGRESQL("PostgreSQL", "jdbc:postgresql:"),
    MARIADB("MariaDB", "jdbc:mariadb:"),
    MYSQL("MySQL", "jdbc:mysql:"),
    H2("H2", "jdbc:h2:"),
    REDIS("Redis", "redis://", "rediss://"),
    SENTINEL("Redis behind Sentinel", "redis-sentinel://", "rediss-sentinel://"),
    CLUSTER("a Redis Cluster", "redis-cluster://", "rediss-cluster://");

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final List<String> prefixes;

    StoreKind(String text, String... prefixes) {
        this.text = text;
        this.prefixes = List.of(prefixes);
    }

    /** Returns the name for pages and messages. */
    String displayName() {
        return text;
    }

    /** Returns whether {@code STORE} starts with a URL prefix of this kind, or equals its short name. */
    boolean matches(String store) {
        return prefixes.stream().anyMatch(each -> each.contains(":") ? store.startsWith(each) : store.equals(each));
    }

    static String allPrefixes() {
        return Stream.of(values())
                .flatMap(kind -> kind.prefixes.stream())
                .map(each -> each.contains(":") ? each + "…" : each)
                .collect(Collectors.joining(", "));
    }
}
