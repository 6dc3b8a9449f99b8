package dev.sojourn.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.servers.MariaDbServer;
import dev.sojourn.servers.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The servers that all tests share. Each starts once, on first use. */
final class SharedServers {
    private SharedServers() {}

    private static final class Postgres14 {
        static final PostgresServer SERVER = PostgresServer.start14();
        static final HikariDataSource POOL = pool(SERVER);
    }

    private static final class Postgres18 {
        static final PostgresServer SERVER = PostgresServer.start18();
        static final HikariDataSource POOL = pool(SERVER);
    }

    static PostgresServer postgres(int release) {
        return release == 14 ? Postgres14.SERVER : Postgres18.SERVER;
    }

    static PostgresServer postgres18() {
        return Postgres18.SERVER;
    }

    static DataSource postgres14Pool() {
        return Postgres14.POOL;
    }

    static DataSource postgres18Pool() {
        return Postgres18.POOL;
    }

    private static final class Maria {
        static final MariaDbServer SERVER = MariaDbServer.start();
        static final HikariDataSource POOL =
                new HikariDataSource(config(SERVER.jdbcUrl(), SERVER.user(), SERVER.password()));
    }

    static MariaDbServer mariadb() {
        return Maria.SERVER;
    }

    static DataSource mariadbPool() {
        return Maria.POOL;
    }

    static HikariDataSource pool(PostgresServer server) {
        return new HikariDataSource(config(server.jdbcUrl(), server.user(), server.password()));
    }

    /** Returns pool options like those of the documentation. The timeouts are longer, for a busy machine. */
    static HikariConfig config(String url, String user, String password) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(10_000);
        config.setValidationTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        return config;
    }

    static void execute(DataSource dataSource, String... statements) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the first column of the result. */
    static List<String> query(DataSource dataSource, String query) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
