package dev.sojourn.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
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
 * The bytes of a session with the lab's four attributes, made by the engine: anonymous, and signed in as one user each. The
 * documentation has the figures for 20,000 sessions, {@code -Dsojourn.sizes=20000}. The limits here are slightly higher.
 */
class SizeTest {
    private static final String SECRET = "the secret of these tests, which no application would use 4711";
    private static final int COUNT = Integer.getInteger("sojourn.sizes", 4_000);

    /** The steps in which a file of MariaDB grows, for table and index together. */
    private static final long MARIADB_STEPS = 2 * (4L << 20);

    @TempDir
    private Path folder;

    private enum Who {
        ANONYMOUS((session, number) -> {}),
        /** Names in random order: an index that is filled from one end is smaller than in practice. */
        ONE_USER_EACH((session, number) -> session.login("user" + (100_000 + number * 7_919L % 900_000)));

        @SuppressWarnings("ImmutableEnumChecker") // functions without a state
        private final ObjIntConsumer<Session> signIn;

        Who(ObjIntConsumer<Session> signIn) {
            this.signIn = signIn;
        }
    }

    private static void fill(DataSource dataSource, Who who) {
        JdbcStore store = JdbcStore.builder(dataSource)
                .table("sized")
                .createTableIfMissing()
                .build();
        Real.execute(dataSource, "DELETE FROM sized");
        Sessions sessions = Sessions.create(c -> c.secret(SECRET).store(store));
        for (int i = 0; i < COUNT; i++) {
            int number = i;
            new TestClient(sessions).request(session -> {
                seed(session);
                who.signIn.accept(session, number);
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
        return Long.parseLong(Real.query(pool, query).get(0));
    }

    private static void check(String what, Who who, long bytes, long atMost) {
        long each = bytes / COUNT;
        System.out.printf("| %s | %s | %d |%n", what, who, each);
        assertThat(each).as("bytes a session").isLessThanOrEqualTo(atMost);
    }

    @ParameterizedTest
    @CsvSource({"14, ANONYMOUS, 440", "14, ONE_USER_EACH, 540", "18, ANONYMOUS, 440", "18, ONE_USER_EACH, 540"})
    void in_postgresql(int release, Who who, long atMost) {
        try (HikariDataSource pool = Real.pool(Real.postgres(release))) {
            Real.execute(pool, "DROP TABLE IF EXISTS sized");
            fill(pool, who);
            Real.execute(pool, "VACUUM sized");

            String name = "PostgreSQL " + release;
            check(name + ", the table itself", who, number(pool, "SELECT pg_relation_size('sized')"), atMost);
            check(name + ", all", who, number(pool, "SELECT pg_total_relation_size('sized')"), atMost);
        }
    }

    @ParameterizedTest
    @CsvSource({"ANONYMOUS, 600, 1200", "ONE_USER_EACH, 700, 1500"})
    void in_mariadb(Who who, long pagesAtMost, long fileAtMost) {
        DataSource pool = Real.mariadbPool();
        Real.execute(pool, "DROP TABLE IF EXISTS sized");
        fill(pool, who);
        Real.execute(pool, "ANALYZE TABLE sized");

        String sizes = " FROM information_schema.tables WHERE table_name = 'sized'";
        check("MariaDB, table", who, number(pool, "SELECT data_length" + sizes), pagesAtMost);
        check("MariaDB, index", who, number(pool, "SELECT index_length" + sizes), pagesAtMost);
        check("MariaDB, pages", who, number(pool, "SELECT data_length + index_length" + sizes), pagesAtMost);
        String file = "SELECT file_size FROM information_schema.innodb_sys_tablespaces WHERE name = 'test/sized'";
        check("MariaDB, file", who, number(pool, file), fileAtMost + MARIADB_STEPS / COUNT);
    }

    @ParameterizedTest
    @CsvSource({"ANONYMOUS, 290", "ONE_USER_EACH, 400"})
    void in_sqlite(Who who, long atMost) throws IOException {
        Path path = folder.resolve("sessions.db");
        try (SqliteDataSource file = SqliteDataSource.open(path, SqliteDataSource.Synchronous.NORMAL)) {
            fill(file, who);
        }
        check("SQLite, file", who, Files.size(path), atMost);
    }

    @ParameterizedTest
    @CsvSource({"ANONYMOUS, 230", "ONE_USER_EACH, 330"})
    void in_h2(Who who, long atMost) throws IOException {
        JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:" + folder.resolve("sessions"), "sa", "");
        try {
            fill(pool, who);
            Real.execute(pool, "SHUTDOWN COMPACT");
        } finally {
            pool.dispose();
        }
        check("H2, file after SHUTDOWN COMPACT", who, Files.size(folder.resolve("sessions.mv.db")), atMost);
    }
}
