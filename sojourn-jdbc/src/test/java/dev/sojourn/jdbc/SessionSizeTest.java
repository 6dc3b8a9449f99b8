package dev.sojourn.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.DeviceAddress;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.testing.TestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ObjIntConsumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The bytes of a session of the engine with four attributes: anonymous, and signed in as one user each. The documentation has
 * the figures for 20,000 sessions, {@code -Dsojourn.sizes=20000}. The limits here are slightly higher.
 */
class SessionSizeTest {
    private static final String SECRET = "the secret of these tests, which no application would use 4711";
    private static final int COUNT = Integer.getInteger("sojourn.sizes", 4_000);

    /** The size of the steps in which a file of MariaDB grows, for table and index together. */
    private static final long MARIADB_STEPS = 2 * (4L << 20);

    @TempDir
    private Path folder;

    private enum Users {
        ANONYMOUS((session, number) -> {}),
        /** User names in random order: an index that grows at one end is smaller than in practice. */
        ONE_USER_EACH((session, number) -> session.login("user" + (100_000 + number * 7_919L % 900_000)));

        @SuppressWarnings("ImmutableEnumChecker") // stateless functions
        private final ObjIntConsumer<Session> signIn;

        Users(ObjIntConsumer<Session> signIn) {
            this.signIn = signIn;
        }
    }

    private static void createSessions(DataSource dataSource, Users users) {
        JdbcStore store = JdbcStore.builder(dataSource)
                .table("sized")
                .createTableIfMissing()
                .build();
        SharedServers.execute(dataSource, "DELETE FROM sized");
        Sessions sessions = Sessions.create(c -> c.secret(SECRET).store(store).deviceAddress(DeviceAddress.NONE));
        for (int i = 0; i < COUNT; i++) {
            int number = i;
            new TestClient(sessions).request(session -> {
                seed(session);
                users.signIn.accept(session, number);
            });
        }
    }

    /** Sets the attributes that the lab's {@code POST /seed} sets, without a login. */
    private static void seed(Session session) {
        session.set("user", "alice");
        session.set("theme", "dark");
        session.set("locale", "en_GB");
        session.set("cart", 17);
    }

    private static long number(DataSource pool, String query) {
        return Long.parseLong(SharedServers.query(pool, query).get(0));
    }

    private static void assertBytesPerSession(String label, Users users, long bytes, long atMost) {
        long each = bytes / COUNT;
        System.out.printf("| %s | %s | %d |%n", label, users, each);
        assertThat(each).as("bytes per session").isLessThanOrEqualTo(atMost);
    }

    @ParameterizedTest
    @CsvSource({"14, ANONYMOUS, 440", "14, ONE_USER_EACH, 540", "18, ANONYMOUS, 440", "18, ONE_USER_EACH, 540"})
    void a_session_in_postgresql_takes_at_most_the_documented_bytes(int release, Users users, long atMost) {
        try (HikariDataSource pool = SharedServers.pool(SharedServers.postgres(release))) {
            SharedServers.execute(pool, "DROP TABLE IF EXISTS sized");
            createSessions(pool, users);
            SharedServers.execute(pool, "VACUUM sized");

            String name = "PostgreSQL " + release;
            assertBytesPerSession(
                    name + ", the table itself", users, number(pool, "SELECT pg_relation_size('sized')"), atMost);
            assertBytesPerSession(
                    name + ", all", users, number(pool, "SELECT pg_total_relation_size('sized')"), atMost);
        }
    }

    @ParameterizedTest
    @CsvSource({"ANONYMOUS, 600, 1200", "ONE_USER_EACH, 700, 1500"})
    void a_session_in_mariadb_takes_at_most_the_documented_bytes(Users users, long pagesAtMost, long fileAtMost) {
        DataSource pool = SharedServers.mariadbPool();
        SharedServers.execute(pool, "DROP TABLE IF EXISTS sized");
        createSessions(pool, users);
        SharedServers.execute(pool, "ANALYZE TABLE sized");

        String sizes = " FROM information_schema.tables WHERE table_name = 'sized'";
        assertBytesPerSession("MariaDB, table", users, number(pool, "SELECT data_length" + sizes), pagesAtMost);
        assertBytesPerSession("MariaDB, index", users, number(pool, "SELECT index_length" + sizes), pagesAtMost);
        assertBytesPerSession(
                "MariaDB, pages", users, number(pool, "SELECT data_length + index_length" + sizes), pagesAtMost);
        String file = "SELECT file_size FROM information_schema.innodb_sys_tablespaces WHERE name = 'test/sized'";
        assertBytesPerSession("MariaDB, file", users, number(pool, file), fileAtMost + MARIADB_STEPS / COUNT);
    }

    @ParameterizedTest
    @CsvSource({"ANONYMOUS, 290", "ONE_USER_EACH, 400"})
    void a_session_in_sqlite_takes_at_most_the_documented_bytes(Users users, long atMost) throws IOException {
        Path path = folder.resolve("sessions.db");
        try (SqliteDataSource file = SqliteDataSource.open(path, SqliteDataSource.Synchronous.NORMAL)) {
            createSessions(file, users);
        }
        assertBytesPerSession("SQLite, file", users, Files.size(path), atMost);
    }

    @ParameterizedTest
    @CsvSource({"ANONYMOUS, 230", "ONE_USER_EACH, 330"})
    void a_session_in_h2_takes_at_most_the_documented_bytes(Users users, long atMost) throws IOException {
        JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:" + folder.resolve("sessions"), "sa", "");
        try {
            createSessions(pool, users);
            SharedServers.execute(pool, "SHUTDOWN COMPACT");
        } finally {
            pool.dispose();
        }
        assertBytesPerSession(
                "H2, file after SHUTDOWN COMPACT", users, Files.size(folder.resolve("sessions.mv.db")), atMost);
    }
}
