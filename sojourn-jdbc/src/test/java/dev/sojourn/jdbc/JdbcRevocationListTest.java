package dev.sojourn.jdbc;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.tools.RevocationListContract;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract for revocations, on each database. */
class JdbcRevocationListTest {
    @TempDir
    private static Path folder;

    private abstract static class DatabaseContract extends RevocationListContract {
        abstract DataSource database();

        @Override
        protected SessionStore open(String name) {
            return JdbcStore.builder(database())
                    .table(name)
                    .createTableIfMissing()
                    .build();
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
                opened = SqliteDataSource.open(folder.resolve("revocations.db"));
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
                JdbcConnectionPool.create("jdbc:h2:mem:revocations;DB_CLOSE_DELAY=-1", "sa", "");

        @Override
        DataSource database() {
            return pool;
        }
    }
}
