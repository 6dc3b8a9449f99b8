/** Sessions in PostgreSQL, MariaDB, MySQL, SQLite or H2, over any {@link javax.sql.DataSource}. */
@org.jspecify.annotations.NullMarked
module dev.sojourn.jdbc {
    requires transitive dev.sojourn;
    requires transitive java.sql;
    requires static com.zaxxer.hikari;
    requires static org.jspecify;

    exports dev.sojourn.jdbc;
}
