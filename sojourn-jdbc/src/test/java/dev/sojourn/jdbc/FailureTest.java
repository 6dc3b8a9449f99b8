package dev.sojourn.jdbc;

import static dev.sojourn.jdbc.Samples.NOW;
import static dev.sojourn.jdbc.Samples.key;
import static dev.sojourn.jdbc.Samples.session;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The failures that callers get when real servers fail, and the recovery when the servers are back. */
class FailureTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    /** A thread may be late on a busy machine; a call that hangs would take for ever. */
    private static final Duration LATENESS = Duration.ofSeconds(6);

    /** A server that these tests may break, behind a proxy that breaks its connections. */
    private enum Engine {
        POSTGRESQL,
        MARIADB
    }

    private static final class Broken implements AutoCloseable {
        private final Runnable stop;
        private final FaultyProxy proxy;
        private final HikariDataSource pool;
        private final HikariDataSource direct;
        private final JdbcStore store;
        /** For what is to succeed, however busy the machine. */
        private final JdbcStore longTimeout;

        private final Runnable pause;
        private final Runnable resume;
        private final Runnable kill;
        private final Runnable restart;

        Broken(Engine engine) {
            String url;
            String user;
            String password;
            int port;
            if (engine == Engine.POSTGRESQL) {
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
            HikariConfig config = Real.config(url.replace(":" + port, ":" + proxy.port()), user, password);
            config.setConnectionTimeout(500);
            config.setValidationTimeout(250);
            pool = new HikariDataSource(config);
            direct = new HikariDataSource(Real.config(url, user, password));
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
                .as("a call ends by its timeout")
                .isLessThan(TIMEOUT.plus(LATENESS));
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
    void calls_to_a_stopped_server_are_not_done_and_it_is_used_again_when_it_is_back(Engine engine) throws Exception {
        try (Broken broken = new Broken(engine)) {
            StoreKey key = key();
            assertThat(broken.longTimeout.create(key, session(1))).isTrue();
            broken.kill.run();
            broken.proxy.cut();
            broken.proxy.refuse();

            // A pooled connection may break while it is used. After that there is none.
            failure(() -> broken.store.touch(key, 8, 9, NOW));
            assertThat(failure(() -> broken.store.compareAndSet(key, 1, session(2)))
                            .isNotDone())
                    .isTrue();
            assertThat(failure(() -> broken.store.load(key)).isNotDone()).isTrue();

            broken.restart.run();
            broken.proxy.pass();
            awaitRecovery(broken.store);
            assertThat(broken.longTimeout.load(key)).isPresent();
            assertThat(broken.longTimeout.compareAndSet(key, 1, session(2))).isEqualTo(Outcome.DONE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_server_that_hangs_delays_no_call_past_its_timeout(Engine engine) throws Exception {
        try (Broken broken = new Broken(engine)) {
            StoreKey key = key();
            assertThat(broken.longTimeout.create(key, session(1))).isTrue();
            broken.pause.run();

            assertThat(failure(() -> broken.store.compareAndSet(key, 1, session(2)))
                            .isUnknown())
                    .as("it may take effect when the server resumes")
                    .isTrue();
            assertThat(failure(() -> broken.store.load(key)).isNotDone()).isTrue();

            broken.resume.run();
            awaitRecovery(broken.store);
            assertThat(broken.longTimeout.load(key)).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_write_whose_reply_is_lost_is_unknown_and_not_retried(Engine engine) throws Exception {
        try (Broken broken = new Broken(engine)) {
            StoreKey key = key();
            assertThat(broken.longTimeout.create(key, session(1))).isTrue();
            broken.proxy.loseResponses();

            assertThat(failure(() -> broken.store.touch(key, 1, 2, NOW)).isUnknown())
                    .isTrue();

            assertThat(broken.direct().load(key).map(StoredSession::version)).contains(2L);
            broken.proxy.pass();
            assertThat(broken.longTimeout.touch(key, 2, 3, NOW)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_read_survives_a_connection_that_breaks(Engine engine) throws Exception {
        try (Broken broken = new Broken(engine)) {
            StoreKey key = key();
            assertThat(broken.longTimeout.create(key, session(1))).isTrue();
            for (int i = 0; i < 5; i++) {
                broken.proxy.cut();
                assertThat(broken.longTimeout.load(key)).isPresent();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_outcome_of_a_write_on_a_broken_connection_is_reported_correctly(Engine engine) throws Exception {
        try (Broken broken = new Broken(engine)) {
            StoreKey key = key();
            assertThat(broken.longTimeout.create(key, session(0))).isTrue();
            long version = 0;
            for (int i = 1; i <= 10; i++) {
                broken.proxy.cut();
                long next = i;
                long expected = version;
                boolean done = true;
                try {
                    assertThat(broken.longTimeout.touch(key, expected, next, NOW))
                            .isTrue();
                } catch (StoreException e) {
                    done = false;
                    assertThat(e.isUnknown()).isTrue();
                }
                version = broken.direct().load(key).orElseThrow().version();
                assertThat(version).isIn(done ? List.of(next) : List.of(expected, next));
            }
        }
    }

    @Test
    void an_advance_of_the_epoch_is_retried_if_its_outcome_is_unknown() throws Exception {
        try (Broken broken = new Broken(Engine.POSTGRESQL)) {
            UserIndex index = broken.longTimeout.userIndex().orElseThrow();
            for (int i = 0; i < 5; i++) {
                broken.proxy.cut();
                index.advanceEpoch("alice", NOW.plusSeconds(60));
            }
            assertThat(index.enter("alice", key(), NOW)).isNotZero();
        }
    }

    @Test
    void a_call_waits_for_an_empty_pool_and_is_then_not_done() throws Exception {
        PostgresServer server = Real.postgres18();
        HikariConfig config = Real.config(server.jdbcUrl(), server.user(), server.password());
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
        PostgresServer server = Real.postgres18();
        JdbcStore.builder(Real.postgres18Pool()).createTableIfMissing().build();
        HikariConfig config = Real.config(server.jdbcUrl(), server.user(), server.password());
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
        PostgresServer server = Real.postgres18();
        HikariConfig config = Real.config(server.jdbcUrl(), server.user(), server.password());
        config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbcStore store = JdbcStore.builder(pool).createTableIfMissing().build();
            StoreKey key = key();
            store.create(key, session(0));
            List<Boolean> won = inParallel(6, worker -> {
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
        JdbcStore store =
                JdbcStore.builder(Real.postgres18Pool()).createTableIfMissing().build();
        CountingDataSource counting = new CountingDataSource(Real.postgres18Pool());
        JdbcStore counted = JdbcStore.over(counting.dataSource());
        Real.execute(
                Real.postgres18Pool(),
                "DROP TABLE IF EXISTS gate",
                "CREATE TABLE gate (n int)",
                "INSERT INTO gate VALUES (0)",
                "DROP SEQUENCE IF EXISTS gate_tries",
                "CREATE SEQUENCE gate_tries",
                // An update of a session now takes a second lock, as an application's own trigger may. The first time
                // it waits
                // until the other transaction waits too: PostgreSQL looks for a deadlock once, when a wait has lasted a
                // while.
                "CREATE OR REPLACE FUNCTION through_the_gate() RETURNS trigger AS $$ BEGIN"
                        + " IF nextval('gate_tries') = 1 THEN PERFORM pg_advisory_xact_lock(42);"
                        + " WHILE NOT EXISTS (SELECT FROM pg_locks WHERE NOT granted) LOOP PERFORM pg_sleep(0.01); END LOOP;"
                        + " END IF;"
                        + " SET LOCAL deadlock_timeout = '20ms'; UPDATE gate SET n = n + 1; RETURN NEW; END $$ LANGUAGE plpgsql",
                "CREATE TRIGGER gate AFTER UPDATE ON sojourn_session FOR EACH ROW EXECUTE FUNCTION through_the_gate()");
        StoreKey key = key();
        store.create(key, session(1));
        counting.reset();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Connection connection = Real.postgres18Pool().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET LOCAL deadlock_timeout = '1h'");
            statement.execute("UPDATE gate SET n = n + 1");
            Future<Boolean> touched = other.submit(() -> counted.touch(key, 1, 2, NOW));
            // The update has its row and is in the trigger. This transaction has the gate and asks for the row.
            while (!isInTheTrigger(connection)) {
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
            Real.execute(Real.postgres18Pool(), "DROP TRIGGER gate ON sojourn_session");
        }
    }

    private static boolean isInTheTrigger(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND granted")) {
            rows.next();
            return rows.getInt(1) > 0;
        }
    }

    @Test
    void what_the_database_refuses_is_reported_at_once_and_without_the_data() {
        JdbcStore store =
                JdbcStore.builder(Real.mariadbPool()).createTableIfMissing().build();
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
        MariaDbServer server = Real.mariadb();
        HikariConfig config = Real.config(server.jdbcUrl(), server.user(), server.password());
        config.setConnectionInitSql("SET SESSION innodb_lock_wait_timeout = 1");
        try (HikariDataSource pool = new HikariDataSource(config);
                Connection holder = Real.mariadbPool().getConnection()) {
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

    /** The first endAll of a user creates the epoch's row: a call that loses this race finds the row and retries. */
    @ParameterizedTest(autoCloseArguments = false) // the pools are for all tests
    @MethodSource("pools")
    void concurrent_first_end_alls_of_one_user_are_all_done(DataSource pool) throws Exception {
        UserIndex index = JdbcStore.builder(pool)
                .createTableIfMissing()
                .build()
                .userIndex()
                .orElseThrow();
        for (int round = 0; round < 50; round++) {
            String subject = "user" + key().text();

            assertThat(inParallel(4, worker -> index.advanceEpoch(subject, NOW.plusSeconds(60))))
                    .hasSize(4);

            assertThat(index.enter(subject, key(), NOW)).isNotZero();
        }
    }

    static Stream<DataSource> pools() {
        JdbcConnectionPool h2 = JdbcConnectionPool.create("jdbc:h2:mem:failure;DB_CLOSE_DELAY=-1", "sa", "");
        return Stream.of(h2, Real.postgres18Pool(), Real.mariadbPool());
    }

    private static List<Boolean> inParallel(int count, Consumer<Integer> task) throws Exception {
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
