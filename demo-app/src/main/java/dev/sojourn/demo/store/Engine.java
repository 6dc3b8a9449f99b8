package dev.sojourn.demo.store;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can keep the demo's sessions. */
enum Engine {
    MEMORY("memory", "memory"),
    SQLITE("SQLite", "sqlite", "jdbc:sqlite:"),
    POSTGRESQL("PostgreSQL", "jdbc:postgresql:"),
    MARIADB("MariaDB", "jdbc:mariadb:"),
    MYSQL("MySQL", "jdbc:mysql:"),
    H2("H2", "jdbc:h2:"),
    REDIS("Redis", "redis://", "rediss://"),
    SENTINEL("Redis behind Sentinel", "redis-sentinel://", "rediss-sentinel://"),
    CLUSTER("a Redis Cluster", "redis-cluster://", "rediss-cluster://");

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed
    private final List<String> beginnings;

    Engine(String text, String... beginnings) {
        this.text = text;
        this.beginnings = List.of(beginnings);
    }

    /** Its name for people. */
    String text() {
        return text;
    }

    /** Whether a URL that begins so, or a word that is just that, means this one. */
    boolean isMeantBy(String store) {
        return beginnings.stream().anyMatch(each -> each.contains(":") ? store.startsWith(each) : store.equals(each));
    }

    static String all() {
        return Stream.of(values())
                .flatMap(engine -> engine.beginnings.stream())
                .map(each -> each.contains(":") ? each + "…" : each)
                .collect(Collectors.joining(", "));
    }
}
