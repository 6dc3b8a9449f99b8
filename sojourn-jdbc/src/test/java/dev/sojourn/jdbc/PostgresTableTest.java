package dev.sojourn.jdbc;

import static dev.sojourn.jdbc.Fixtures.NOW;
import static dev.sojourn.jdbc.Fixtures.key;
import static dev.sojourn.jdbc.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how PostgreSQL updates and scans the table. */
class PostgresTableTest {
    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void writes_and_touches_of_signed_in_sessions_are_hot_updates(int release) throws Exception {
        int sessions = 500;
        int rounds = 6;
        try (HikariDataSource pool = SharedServers.pool(SharedServers.postgres(release))) {
            SharedServers.execute(pool, "DROP TABLE IF EXISTS hot");
            JdbcStore store =
                    JdbcStore.builder(pool).table("hot").createTableIfMissing().build();
            List<StoreKey> keys = Stream.generate(Fixtures::key).limit(sessions).toList();
            keys.forEach(key -> store.create(key, session(0, NOW, "alice")));
            for (int round = 0; round < rounds; round++) {
                long version = round;
                for (StoreKey key : keys) {
                    boolean done = round % 2 == 0
                            ? store.touch(key, version, version + 1, NOW.plusSeconds(round))
                            : store.compareAndSet(key, version, session(version + 1, NOW, "alice")) == Outcome.DONE;
                    assertThat(done).isTrue();
                }
            }
        }

        // A server process adds its counts to the view when its connection closes.
        try (HikariDataSource pool = SharedServers.pool(SharedServers.postgres(release))) {
            long updates = sessions * (long) rounds;
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (statistics(pool, "n_tup_upd") < updates) {
                assertThat(System.nanoTime())
                        .as("the server has counted its updates")
                        .isLessThan(end);
                Thread.sleep(20);
            }
            long hot = statistics(pool, "n_tup_hot_upd");
            System.out.println("PostgreSQL " + release + ": " + hot + " of " + updates + " updates were HOT");
            assertThat(hot).isGreaterThanOrEqualTo(updates * 95 / 100);
        }
    }

    private static long statistics(DataSource pool, String column) {
        return Long.parseLong(
                SharedServers.query(pool, "SELECT " + column + " FROM pg_stat_user_tables WHERE relname = 'hot'")
                        .get(0));
    }

    @Test
    void the_sweep_uses_the_primary_key() {
        DataSource pool = SharedServers.postgres18Pool();
        JdbcStore store = JdbcStore.builder(pool).createTableIfMissing().build();
        for (int i = 0; i < 3_000; i++) {
            store.create(key(), session(i, NOW, "user" + i));
        }
        SharedServers.execute(pool, "ANALYZE sojourn_session");
        Sql sql = new Sql(Dialect.POSTGRESQL, TableName.DEFAULT);

        // The driver uses a generic plan from the fifth execution on.
        PostgresServer server = SharedServers.postgres18();
        try (HikariDataSource simple = new HikariDataSource(
                SharedServers.config(server.jdbcUrl() + "?preferQueryMode=simple", server.user(), server.password()))) {
            for (String walk : List.of(sql.boundary, sql.boundaryUpTo, sql.expired, sql.expiredUpTo)) {
                assertThat(genericPlan(simple, walk))
                        .contains("sojourn_session_pkey")
                        .doesNotContain("Seq Scan")
                        .doesNotContain("Sort");
            }
            assertThat(genericPlan(simple, sql.find))
                    .contains("sojourn_session_subject")
                    .doesNotContain("Sort");
        }
    }

    private static String genericPlan(DataSource pool, String sql) {
        String numbered = sql;
        for (int i = 1; numbered.contains("?"); i++) {
            numbered = numbered.replaceFirst("\\?", "\\$" + i);
        }
        // GENERIC_PLAN takes no values, but the extended protocol requires them.
        return String.join("\n", SharedServers.query(pool, "EXPLAIN (GENERIC_PLAN) " + numbered));
    }
}
