package dev.sojourn.jdbc;

import static dev.sojourn.jdbc.Fixtures.NOW;
import static dev.sojourn.jdbc.Fixtures.key;
import static dev.sojourn.jdbc.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.servers.FaultyProxy;
import dev.sojourn.servers.MariaDbServer;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The exceptions that callers get when real servers fail, and the recovery afterwards. Tests with a server of their own mostly
 * wait, and run concurrently.
 */
class FailureTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    /** The delay that a busy machine may add. A hung call would take much longer. */
    private static final Duration TOLERANCE = Duration.ofSeconds(6);

    private enum Database {
        POSTGRESQL,
        MARIADB
    }

    /** A server that these tests may break, behind a proxy that breaks its connections. */
    private static final class BreakableServer implements AutoCloseable {
        private final Runnable stop;
        private final FaultyProxy proxy;
        private final HikariDataSource pool;
        private final HikariDataSource direct;
        private final JdbcStore store;
        /** For calls that must succeed, even on a busy machine. */
        private final JdbcStore longTimeout;

        private final Runnable pause;
        private final Runnable resume;
        private final Runnable kill;
        private final Runnable restart;

        BreakableServer(Database database) {
            String url;
            String user;
            String password;
            int port;
            if (database == Database.POSTGRESQL) {
                PostgresServer postgres = PostgresServer.start18();
                stop = postgres::close;
                url = postgres.jdbcUrl();
                user = postgres.user();
                password = postgres.password();
                port = postgres.port();
                pause = postgres::pause;
                resume = postgres::resume;
                kill = postgres::kill;
                restart = postgres::restart;
            } else {
                MariaDbServer maria = MariaDbServer.start();
                stop = maria::close;
                url = maria.jdbcUrl();
                user = maria.user();
                password = maria.password();
                port = maria.port();
                pause = maria::pause;
                resume = maria::resume;
                kill = maria::kill;
                restart = maria::restart;
            }
            proxy = FaultyProxy.to("127.0.0.1", port);
            HikariConfig config = SharedServers.config(url.replace(":" + port, ":" + proxy.port()), user, password);
            config.setConnectionTimeout(500);
            config.setValidationTimeout(250);
            pool = new HikariDataSource(config);
            direct = new HikariDataSource(SharedServers.config(url, user, password));
            store = JdbcStore.builder(pool)
                    .createTableIfMissing()
                    .timeout(TIMEOUT)
                    .build();
            longTimeout =
                    JdbcStore.builder(pool).timeout(Duration.ofSeconds(20)).build();
        }

        JdbcStore direct() {
            return JdbcStore.over(direct);
        }

        @Override
        public void close() {
            pool.close();
            direct.close();
            proxy.close();
            stop.run();
        }
    }

    private static StoreException failure(Supplier<?> call) {
        long start = System.nanoTime();
        StoreException e = catchThrowableOfType(StoreException.class, call::get);
        assertThat(e).as("the call fails").isNotNull();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("a call ends within its timeout")
                .isLessThan(TIMEOUT.plus(TOLERANCE));
        return e;
    }

    /** HikariCP pauses for up to several seconds before it tries an unavailable server again. */
    private static void awaitRecovery(JdbcStore store) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                store.load(key());
                return;
            } catch (StoreException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void calls_to_a_stopped_server_are_not_done_and_the_store_recovers_after_its_restart(Database database)
            throws Exception {
        try (BreakableServer server = new BreakableServer(database)) {
            StoreKey key = key();
            assertThat(server.longTimeout.create(key, session(1))).isTrue();
            server.kill.run();
            server.proxy.cut();
            server.proxy.refuse();

            // The first call may fail on a pooled connection. After that the pool is empty.
            failure(() -> server.store.touch(key, 8, 9, NOW));
            assertThat(failure(() -> server.store.compareAndSet(key, 1, session(2)))
                            .isNotDone())
                    .isTrue();
            assertThat(failure(() -> server.store.load(key)).isNotDone()).isTrue();

            server.restart.run();
            server.proxy.pass();
            awaitRecovery(server.store);
            assertThat(server.longTimeout.load(key)).isPresent();
            assertThat(server.longTimeout.compareAndSet(key, 1, session(2))).isEqualTo(Outcome.DONE);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void a_hung_server_delays_no_call_past_the_timeout(Database database) throws Exception {
        try (BreakableServer server = new BreakableServer(database)) {
            StoreKey key = key();
            assertThat(server.longTimeout.create(key, session(1))).isTrue();
            server.pause.run();

            assertThat(failure(() -> server.store.compareAndSet(key, 1, session(2)))
                            .isUnknown())
                    .as("it may take effect when the server resumes")
                    .isTrue();
            assertThat(failure(() -> server.store.load(key)).isNotDone()).isTrue();

            server.resume.run();
            awaitRecovery(server.store);
            assertThat(server.longTimeout.load(key)).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void a_write_whose_reply_is_lost_is_unknown_and_not_retried(Database database) throws Exception {
        try (BreakableServer server = new BreakableServer(database)) {
            StoreKey key = key();
            assertThat(server.longTimeout.create(key, session(1))).isTrue();
            server.proxy.loseResponses();

            assertThat(failure(() -> server.store.touch(key, 1, 2, NOW)).isUnknown())
                    .isTrue();

            assertThat(server.direct().load(key).map(StoredSession::version)).contains(2L);
            server.proxy.pass();
            assertThat(server.longTimeout.touch(key, 2, 3, NOW)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void a_read_survives_a_broken_connection(Database database) throws Exception {
        try (BreakableServer server = new BreakableServer(database)) {
            StoreKey key = key();
            assertThat(server.longTimeout.create(key, session(1))).isTrue();
            for (int i = 0; i < 5; i++) {
                server.proxy.cut();
                assertThat(server.longTimeout.load(key)).isPresent();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void the_outcome_of_a_write_on_a_broken_connection_is_reported_correctly(Database database) throws Exception {
        try (BreakableServer server = new BreakableServer(database)) {
            StoreKey key = key();
            assertThat(server.longTimeout.create(key, session(0))).isTrue();
            long version = 0;
            for (int i = 1; i <= 10; i++) {
                server.proxy.cut();
                long next = i;
                long expected = version;
                boolean done = true;
                try {
                    assertThat(server.longTimeout.touch(key, expected, next, NOW))
                            .isTrue();
                } catch (StoreException e) {
                    done = false;
                    assertThat(e.isUnknown()).isTrue();
                }
                version = server.direct().load(key).orElseThrow().version();
                assertThat(version).isIn(done ? List.of(next) : List.of(expected, next));
            }
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void advance_epoch_is_retried_if_its_outcome_is_unknown() throws Exception {
        try (BreakableServer server = new BreakableServer(Database.POSTGRESQL)) {
            UserIndex index = server.longTimeout.userIndex().orElseThrow();
            for (int i = 0; i < 5; i++) {
                server.proxy.cut();
                index.advanceEpoch("alice", NOW.plusSeconds(60));
            }
            assertThat(index.enter("alice", key(), NOW)).isNotZero();
        }
    }

    @Test
    void a_call_waits_for_an_exhausted_pool_and_is_then_not_done() throws Exception {
        PostgresServer server = SharedServers.postgres18();
        HikariConfig config = SharedServers.config(server.jdbcUrl(), server.user(), server.password());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(250);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbcStore store = JdbcStore.builder(pool)
                    .createTableIfMissing()
                    .timeout(TIMEOUT)
                    .build();
            StoreKey key = key();
            Connection taken = pool.getConnection();
            try {
                assertThat(failure(() -> store.create(key, session(1))).isNotDone())
                        .isTrue();
            } finally {
                taken.close();
            }
            assertThat(store.create(key, session(1))).isTrue();
        }
    }

    @Test
    void a_write_on_a_read_only_standby_is_not_done() {
        PostgresServer server = SharedServers.postgres18();
        JdbcStore.builder(SharedServers.postgres18Pool()).createTableIfMissing().build();
        HikariConfig config = SharedServers.config(server.jdbcUrl(), server.user(), server.password());
        config.setConnectionInitSql("SET default_transaction_read_only = on");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbcStore store = JdbcStore.builder(pool).timeout(TIMEOUT).build();
            StoreKey key = key();

            StoreException e = failure(() -> store.create(key, session(1)));

            assertThat(e.isNotDone()).isTrue();
            assertThat(e).hasMessageContaining("25006");
            assertThat(store.load(key)).isEmpty();
        }
    }

    @Test
    void serialization_failures_are_retried_until_done() throws Exception {
        PostgresServer server = SharedServers.postgres18();
        HikariConfig config = SharedServers.config(server.jdbcUrl(), server.user(), server.password());
        config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbcStore store = JdbcStore.builder(pool).createTableIfMissing().build();
            StoreKey key = key();
            store.create(key, session(0));
            List<Boolean> won = runInParallel(6, worker -> {
                for (int i = 0; i < 40; ) {
                    long current = store.load(key).orElseThrow().version();
                    if (store.touch(key, current, current + 1, NOW)) {
                        i++;
                    }
                }
            });
            assertThat(won).hasSize(6);
            assertThat(store.load(key).orElseThrow().version()).isEqualTo(240);
        }
    }

    @Test
    void the_victim_of_a_deadlock_retries() throws Exception {
        JdbcStore store = JdbcStore.builder(SharedServers.postgres18Pool())
                .createTableIfMissing()
                .build();
        CountingDataSource counting = new CountingDataSource(SharedServers.postgres18Pool());
        JdbcStore counted = JdbcStore.over(counting.dataSource());
        SharedServers.execute(
                SharedServers.postgres18Pool(),
                "DROP TABLE IF EXISTS gate",
                "CREATE TABLE gate (n int)",
                "INSERT INTO gate VALUES (0)",
                "DROP SEQUENCE IF EXISTS gate_attempts",
                "CREATE SEQUENCE gate_attempts",
                // An update of a session takes a second lock, as a trigger of the application may. The first update
                // waits until the other transaction waits, too: PostgreSQL checks for a deadlock only once per wait.
                "CREATE OR REPLACE FUNCTION update_gate() RETURNS trigger AS $$ BEGIN"
                        + " IF nextval('gate_attempts') = 1 THEN PERFORM pg_advisory_xact_lock(42);"
                        + " WHILE NOT EXISTS (SELECT FROM pg_locks WHERE NOT granted) LOOP PERFORM pg_sleep(0.01); END LOOP;"
                        + " END IF;"
                        + " SET LOCAL deadlock_timeout = '20ms'; UPDATE gate SET n = n + 1; RETURN NEW; END $$ LANGUAGE plpgsql",
                "CREATE TRIGGER gate AFTER UPDATE ON sojourn_session FOR EACH ROW EXECUTE FUNCTION update_gate()");
        StoreKey key = key();
        store.create(key, session(1));
        counting.reset();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Connection connection = SharedServers.postgres18Pool().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET LOCAL deadlock_timeout = '1h'");
            statement.execute("UPDATE gate SET n = n + 1");
            Future<Boolean> touched = other.submit(() -> counted.touch(key, 1, 2, NOW));
            // The update holds its row and is in the trigger. This transaction holds the gate and requests the row.
            while (!isInTrigger(connection)) {
                Thread.onSpinWait();
            }
            statement.execute("SELECT 1 FROM sojourn_session WHERE session_key = '" + key.text() + "' FOR UPDATE");
            connection.rollback();
            connection.setAutoCommit(true);

            assertThat(touched.get()).isTrue();
            assertThat(counting.statements()).hasSizeGreaterThan(1).containsOnly("UPDATE");
            assertThat(store.load(key).orElseThrow().version()).isEqualTo(2);
        } finally {
            other.shutdownNow();
            SharedServers.execute(SharedServers.postgres18Pool(), "DROP TRIGGER gate ON sojourn_session");
        }
    }

    private static boolean isInTrigger(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND granted")) {
            rows.next();
            return rows.getInt(1) > 0;
        }
    }

    @Test
    void a_write_that_the_database_refuses_is_reported_at_once_and_without_the_data() {
        JdbcStore store = JdbcStore.builder(SharedServers.mariadbPool())
                .createTableIfMissing()
                .build();
        StoreKey key = key();
        String subject = "s".repeat(300);

        StoreException e = failure(() -> store.create(key, session(1, NOW, subject)));

        assertThat(e.isNotDone()).isTrue();
        for (Throwable each = e; each != null; each = each.getCause()) {
            assertThat(each.toString()).doesNotContain(key.text()).doesNotContain(subject);
        }
        assertThat(store.load(key)).isEmpty();
    }

    @Test
    void in_mariadb_a_call_waits_for_a_held_lock_and_is_then_not_done() throws Exception {
        MariaDbServer server = SharedServers.mariadb();
        HikariConfig config = SharedServers.config(server.jdbcUrl(), server.user(), server.password());
        config.setConnectionInitSql("SET SESSION innodb_lock_wait_timeout = 1");
        try (HikariDataSource pool = new HikariDataSource(config);
                Connection holder = SharedServers.mariadbPool().getConnection()) {
            JdbcStore store = JdbcStore.builder(pool).createTableIfMissing().build();
            JdbcStore shortTimeout =
                    JdbcStore.builder(pool).timeout(Duration.ofMillis(1_500)).build();
            StoreKey key = key();
            store.create(key, session(1));
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute("SELECT 1 FROM sojourn_session WHERE session_key = '" + key.text() + "' FOR UPDATE");
            }

            StoreException e = failure(() -> shortTimeout.touch(key, 1, 2, NOW));
            holder.rollback();
            holder.setAutoCommit(true);

            assertThat(e.isNotDone()).isTrue();
            assertThat(e).hasMessageContaining("1205");
            assertThat(store.touch(key, 1, 2, NOW)).isTrue();
        }
    }

    /** The first endAll of a user inserts the row of the epoch. A call that loses this race finds the row and retries. */
    @ParameterizedTest(autoCloseArguments = false) // the pools are shared by all tests
    @MethodSource("pools")
    void concurrent_first_epoch_advances_of_one_user_are_all_done(DataSource pool) throws Exception {
        UserIndex index = JdbcStore.builder(pool)
                .createTableIfMissing()
                .build()
                .userIndex()
                .orElseThrow();
        for (int i = 0; i < 50; i++) {
            String subject = "user" + key().text();

            assertThat(runInParallel(4, worker -> index.advanceEpoch(subject, NOW.plusSeconds(60))))
                    .hasSize(4);

            assertThat(index.enter(subject, key(), NOW)).isNotZero();
        }
    }

    static Stream<DataSource> pools() {
        JdbcConnectionPool h2 = JdbcConnectionPool.create("jdbc:h2:mem:failure;DB_CLOSE_DELAY=-1", "sa", "");
        return Stream.of(h2, SharedServers.postgres18Pool(), SharedServers.mariadbPool());
    }

    private static List<Boolean> runInParallel(int count, Consumer<Integer> task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            CyclicBarrier start = new CyclicBarrier(count);
            List<Callable<Boolean>> tasks = IntStream.range(0, count)
                    .mapToObj(i -> (Callable<Boolean>) () -> {
                        start.await();
                        task.accept(i);
                        return true;
                    })
                    .toList();
            List<Boolean> results = new ArrayList<>();
            for (Future<Boolean> each : threads.invokeAll(tasks)) {
                results.add(each.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
