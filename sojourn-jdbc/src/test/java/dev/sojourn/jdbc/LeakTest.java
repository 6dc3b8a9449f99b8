package dev.sojourn.jdbc;

import dev.sojourn.servers.PostgresServer;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.LeakContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Checks that the files of each database contain sessions but nothing that opens one. */
class LeakTest {
    private abstract static class JdbcLeak extends LeakContract {
        abstract DataSource dataSource();

        @Override
        protected SessionStore open() {
            return JdbcStore.builder(dataSource()).createTableIfMissing().build();
        }
    }

    private abstract static class PostgresLeak extends JdbcLeak {
        abstract PostgresServer server();

        @Override
        protected byte[] dump() {
            SharedServers.execute(dataSource(), "CHECKPOINT");
            return server().dump();
        }
    }

    @Nested
    class Postgres14 extends PostgresLeak {
        @Override
        DataSource dataSource() {
            return SharedServers.postgres14Pool();
        }

        @Override
        PostgresServer server() {
            return SharedServers.postgres(14);
        }
    }

    @Nested
    class Postgres18 extends PostgresLeak {
        @Override
        DataSource dataSource() {
            return SharedServers.postgres18Pool();
        }

        @Override
        PostgresServer server() {
            return SharedServers.postgres18();
        }
    }

    @Nested
    class MariaDb extends JdbcLeak {
        @Override
        DataSource dataSource() {
            return SharedServers.mariadbPool();
        }

        @Override
        protected byte[] dump() throws SQLException {
            try (Connection connection = dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                // Writes the table's pages from memory to its file.
                statement.execute("FLUSH TABLES sojourn_session FOR EXPORT");
                byte[] dump = SharedServers.mariadb().dump();
                statement.execute("UNLOCK TABLES");
                return dump;
            }
        }
    }

    private abstract static class SqliteLeak extends JdbcLeak {
        @TempDir
        Path folder;

        private SqliteDataSource file;

        @BeforeEach
        void openFile() {
            file = SqliteDataSource.open(folder.resolve("sessions.db"));
        }

        @Override
        SqliteDataSource dataSource() {
            return file;
        }

        @AfterEach
        void close() {
            file.close();
        }
    }

    @Nested
    class SqliteFile extends SqliteLeak {
        @Override
        protected byte[] dump() throws IOException {
            SharedServers.query(dataSource(), "PRAGMA wal_checkpoint(TRUNCATE)");
            return Files.readAllBytes(folder.resolve("sessions.db"));
        }
    }

    @Nested
    class SqliteWriteAheadLog extends SqliteLeak {
        @Override
        protected byte[] dump() throws IOException {
            return Files.readAllBytes(folder.resolve("sessions.db-wal"));
        }
    }

    @Nested
    class H2File extends JdbcLeak {
        @TempDir
        Path folder;

        private JdbcConnectionPool pool;

        @BeforeEach
        void openFile() {
            pool = JdbcConnectionPool.create("jdbc:h2:" + folder.resolve("sessions"), "sa", "");
        }

        @Override
        DataSource dataSource() {
            return pool;
        }

        @AfterEach
        void close() {
            pool.dispose();
        }

        @Override
        protected byte[] dump() throws IOException {
            SharedServers.execute(dataSource(), "CHECKPOINT SYNC");
            return bytes(folder);
        }
    }

    private static byte[] bytes(Path folder) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : (Iterable<Path>) files::iterator) {
                all.writeBytes(Files.readAllBytes(each));
            }
        }
        return all.toByteArray();
    }
}
