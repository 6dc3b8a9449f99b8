package dev.sojourn.spring;

/** Where sessions can be kept without a line of code. */
enum StoreKind {
    /** In this process; they end with it. */
    MEMORY,
    /** In Redis or Valkey, at {@code sojourn.redis.uri}. */
    REDIS,
    /** In the database of the application's {@code DataSource}. */
    JDBC,
    /** In a file of this host, {@code sojourn.sqlite.file}. */
    SQLITE
}
