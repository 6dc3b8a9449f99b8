package dev.sojourn.jdbc;

import dev.sojourn.spi.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks, once at start-up, whether DataSource and table are what the store needs, and makes the table if asked to. */
final class SchemaCheck {
    private static final Pattern COMMENT = Pattern.compile("--[^\n]*");

    private final Database database;
    private final @Nullable Dialect named;
    private final TableName table;

    SchemaCheck(Database database, @Nullable Dialect named, TableName table) {
        this.database = database;
        this.named = named;
        this.table = table;
    }

    /** What was seen through one connection. */
    private record Seen(@Nullable Dialect dialect, String product, boolean autoCommit, boolean table) {}

    /** Tells which database it is, if all is well. */
    Dialect check() {
        Seen seen = look();
        if (!seen.table) {
            throw new IllegalStateException("there is no table " + table.text() + ": run "
                    + dialect(seen).ddlFile()
                    + " from sojourn-jdbc's resources (dev/sojourn/jdbc), or let the store make it with"
                    + " createTableIfMissing()");
        }
        return dialect(seen);
    }

    Dialect createIfMissing() {
        Seen seen = look();
        if (!seen.table) {
            create(dialect(seen));
        }
        return check();
    }

    private Seen look() {
        Seen seen = database.read(database.deadline(), this::look);
        if (!seen.autoCommit) {
            throw new IllegalStateException(
                    "the DataSource's connections are not in auto-commit: switch it on (HikariCP: autoCommit=true), or give the"
                            + " store a pool of its own that takes part in no transaction");
        }
        if (dialect(seen) == Dialect.SQLITE && table.hasSchema()) {
            throw new IllegalStateException("in SQLite the table has no schema before its name");
        }
        return seen;
    }

    private Seen look(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        Dialect dialect =
                named != null ? named : Dialect.of(connection.getMetaData()).orElse(null);
        boolean autoCommit = connection.getAutoCommit();
        boolean exists = autoCommit && dialect != null && exists(connection, dialect);
        return new Seen(dialect, product, autoCommit, exists);
    }

    private boolean exists(Connection connection, Dialect dialect) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(new Sql(dialect, table).check).close();
            return true;
        } catch (SQLException e) {
            if (dialect.isMissingTable(e)) {
                return false;
            }
            throw e;
        }
    }

    private static Dialect dialect(Seen seen) {
        return Optional.ofNullable(seen.dialect)
                .orElseThrow(() -> new IllegalStateException("this database calls itself \"" + seen.product
                        + "\", which is none of PostgreSQL, MariaDB, MySQL, SQLite and H2: if it speaks the language of one of"
                        + " them, name that one with dialect(…)"));
    }

    /**
     * Of two nodes that start at once, one may fail halfway with whatever the database says of a name that was free a moment
     * ago; every statement says IF NOT EXISTS, so it is simply done again.
     */
    private void create(Dialect dialect) {
        try {
            database.writeAgain(database.deadline(), connection -> {
                run(connection, statements(dialect));
                return true;
            });
        } catch (StoreException e) {
            throw new IllegalStateException(
                    "the table " + table.text() + " could not be made: run " + dialect.ddlFile()
                            + " from sojourn-jdbc's resources (dev/sojourn/jdbc) as a user who may",
                    e);
        }
    }

    /** In one transaction, where the database knows that for DDL: no table without its index. */
    private static void run(Connection connection, List<String> statements) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private List<String> statements(Dialect dialect) {
        String ddl = COMMENT.matcher(file(dialect.ddlFile()))
                .replaceAll("")
                .replaceAll("\\bsojourn_session_subject\\b", Matcher.quoteReplacement(table.indexIn(dialect)))
                .replaceAll("\\bsojourn_session\\b", Matcher.quoteReplacement(table.in(dialect)));
        List<String> statements = new ArrayList<>();
        for (String each : ddl.split(";", -1)) {
            if (!each.isBlank()) {
                statements.add(each.strip());
            }
        }
        return statements;
    }

    private static String file(String name) {
        try (InputStream in = SchemaCheck.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from sojourn-jdbc's archive");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
