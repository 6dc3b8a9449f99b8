package dev.sojourn.jdbc;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.ClockSkewContract;
import java.nio.file.Path;
import java.time.Clock;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract for wrong clocks, with the clock of each database. */
class JdbcClockSkewTest {
    @TempDir
    private static Path folder;

    private abstract static class DatabaseContract extends ClockSkewContract {
        abstract DataSource database();

        @Override
        protected SessionStore open(Clock clock) {
            return JdbcStore.builder(database()).createTableIfMissing().build();
        }
    }

    @Nested
    class Postgres18 extends DatabaseContract {
        @Override
        DataSource database() {
            return SharedServers.postgres18Pool();
        }
    }

    @Nested
    class Postgres14 extends DatabaseContract {
        @Override
        DataSource database() {
            return SharedServers.postgres14Pool();
        }
    }

    @Nested
    class MariaDb extends DatabaseContract {
        @Override
        DataSource database() {
            return SharedServers.mariadbPool();
        }
    }

    @Nested
    class Sqlite extends DatabaseContract {
        private static @Nullable SqliteDataSource file;

        @Override
        DataSource database() {
            SqliteDataSource opened = file;
            if (opened == null) {
                opened = SqliteDataSource.open(folder.resolve("clocks.db"));
                file = opened;
            }
            return opened;
        }

        @AfterAll
        static void close() {
            if (file != null) {
                file.close();
            }
        }
    }

    @Nested
    class H2 extends DatabaseContract {
        private final JdbcConnectionPool pool =
                JdbcConnectionPool.create("jdbc:h2:mem:clocks;DB_CLOSE_DELAY=-1", "sa", "");

        @Override
        DataSource database() {
            return pool;
        }
    }
}
