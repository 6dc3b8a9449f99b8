package dev.sojourn.spring;

/** A store that can be configured by properties alone. */
enum StoreKind {
    /** The memory of this process; sessions end with it. */
    MEMORY,
    /** Redis or Valkey, at {@code sojourn.redis.uri}. */
    REDIS,
    /** The database of the application's {@code DataSource}. */
    JDBC,
    /** A file on this host, {@code sojourn.sqlite.file}. */
    SQLITE
}
