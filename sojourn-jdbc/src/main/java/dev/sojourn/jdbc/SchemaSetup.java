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

/** Checks at start-up that the DataSource and the table are usable, and creates the table on request. */
final class SchemaSetup {
    private static final Pattern COMMENT = Pattern.compile("--[^\n]*");

    private final StatementExecutor executor;
    private final @Nullable Dialect configured;
    private final TableName table;

    SchemaSetup(StatementExecutor executor, @Nullable Dialect configured, TableName table) {
        this.executor = executor;
        this.configured = configured;
        this.table = table;
    }

    /** Whether the DataSource and the table are usable. */
    private enum State {
        NO_AUTO_COMMIT,
        UNSUPPORTED_DATABASE,
        MISSING_TABLE,
        USABLE
    }

    /** What one connection showed. */
    private record Findings(
            State state, String product, @Nullable Dialect dialect) {}

    /** Returns the database, if the DataSource and the table are usable. */
    Dialect check() {
        Findings findings = inspect();
        if (findings.state == State.MISSING_TABLE) {
            throw new IllegalStateException("there is no table " + table.text() + ": run "
                    + dialect(findings).ddlFile()
                    + " from sojourn-jdbc's resources (dev/sojourn/jdbc), or let the store create it with"
                    + " createTableIfMissing()");
        }
        return dialect(findings);
    }

    /** Creates the table if it does not exist, then checks as {@link #check} does. */
    Dialect createIfMissing() {
        Findings findings = inspect();
        if (findings.state == State.MISSING_TABLE) {
            create(dialect(findings));
        }
        return check();
    }

    private Findings inspect() {
        Findings findings = executor.read(executor.deadline(), this::inspect);
        if (findings.state == State.NO_AUTO_COMMIT) {
            throw new IllegalStateException(
                    "the DataSource's connections are not in auto-commit: switch it on (HikariCP: autoCommit=true), or give the"
                            + " store a pool of its own that takes part in no transaction");
        }
        if (dialect(findings) == Dialect.SQLITE && table.hasSchema()) {
            throw new IllegalStateException("a table name in SQLite has no schema");
        }
        return findings;
    }

    private Findings inspect(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        Dialect dialect = configured != null
                ? configured
                : Dialect.of(connection.getMetaData()).orElse(null);
        return new Findings(stateOf(connection, dialect), product, dialect);
    }

    private State stateOf(Connection connection, @Nullable Dialect dialect) throws SQLException {
        if (!connection.getAutoCommit()) {
            return State.NO_AUTO_COMMIT;
        }
        if (dialect == null) {
            return State.UNSUPPORTED_DATABASE;
        }
        return exists(connection, dialect) ? State.USABLE : State.MISSING_TABLE;
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

    private static Dialect dialect(Findings findings) {
        return Optional.ofNullable(findings.dialect)
                .orElseThrow(() -> new IllegalStateException("the database reports itself as \"" + findings.product
                        + "\", which is not PostgreSQL, MariaDB, MySQL, SQLite or H2: if it is compatible with one of them, set"
                        + " that one with dialect(…)"));
    }

    /**
     * If two nodes start at once, one may fail because the other one just created the table. Every statement has IF NOT
     * EXISTS, so it is retried.
     */
    private void create(Dialect dialect) {
        try {
            executor.writeIdempotent(executor.deadline(), connection -> {
                run(connection, statements(dialect));
                return true;
            });
        } catch (StoreException e) {
            throw new IllegalStateException(
                    "the table " + table.text() + " could not be created: run " + dialect.ddlFile()
                            + " from sojourn-jdbc's resources (dev/sojourn/jdbc) as a user with the right to create tables",
                    e);
        }
    }

    /** Runs the DDL in one transaction, if the database supports that, so that no table is left without its index. */
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
        try (InputStream in = SchemaSetup.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from sojourn-jdbc's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
