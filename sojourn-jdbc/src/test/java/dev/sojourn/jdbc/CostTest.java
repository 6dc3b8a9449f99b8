package dev.sojourn.jdbc;

import static dev.sojourn.jdbc.Fixtures.NOW;
import static dev.sojourn.jdbc.Fixtures.key;
import static dev.sojourn.jdbc.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.servers.MariaDbServer;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestClient;
import dev.sojourn.testing.TestExchange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks the cost of each call and each request on every database: statements and borrowed connections, counted at the
 * DataSource.
 */
class CostTest {
    @TempDir
    private static Path folder;

    private static SqliteDataSource sqlite;
    private static JdbcConnectionPool h2;

    @BeforeAll
    static void open() {
        sqlite = SqliteDataSource.open(folder.resolve("sessions.db"));
        h2 = JdbcConnectionPool.create("jdbc:h2:mem:cost;DB_CLOSE_DELAY=-1", "sa", "");
    }

    @AfterAll
    static void close() {
        sqlite.close();
        h2.dispose();
    }

    /** A database whose statements are counted. */
    private static final class CountedDatabase {
        private final String name;
        private final CountingDataSource counting;
        private final JdbcStore store;

        CountedDatabase(String name, DataSource dataSource) {
            this.name = name;
            this.counting = new CountingDataSource(dataSource);
            this.store = JdbcStore.builder(counting.dataSource())
                    .createTableIfMissing()
                    .build();
            SharedServers.execute(dataSource, "DELETE FROM sojourn_session");
        }

        void assertCost(Runnable call, String... statements) {
            counting.reset();
            call.run();
            assertThat(counting.statements()).containsExactly(statements);
            assertThat(counting.borrowCount()).as("borrowed connections").isEqualTo(statements.length);
            assertThat(counting.inUse()).as("connections not returned").isZero();
        }

        void assertCostAtMost(int statements, Runnable call) {
            counting.reset();
            call.run();
            assertThat(counting.statements().size()).isLessThanOrEqualTo(statements);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<CountedDatabase> databases() {
        return Stream.of(
                new CountedDatabase("PostgreSQL 18", SharedServers.postgres18Pool()),
                new CountedDatabase("PostgreSQL 14", SharedServers.postgres14Pool()),
                new CountedDatabase("MariaDB", SharedServers.mariadbPool()),
                new CountedDatabase("SQLite", sqlite),
                new CountedDatabase("H2", h2));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void each_call_is_one_statement_on_one_connection(CountedDatabase database) {
        JdbcStore store = database.store;
        StoreKey key = key();

        database.assertCost(() -> assertThat(store.load(key)).isEmpty(), "SELECT");
        database.assertCost(() -> assertThat(store.create(key, session(1))).isTrue(), "INSERT");
        database.assertCost(() -> assertThat(store.load(key)).isPresent(), "SELECT");
        database.assertCost(
                () -> assertThat(store.compareAndSet(key, 1, session(2))).isEqualTo(Outcome.DONE), "UPDATE");
        database.assertCost(
                () -> assertThat(store.touch(key, 2, 3, NOW.plusSeconds(2_000))).isTrue(), "UPDATE");
        database.assertCost(() -> assertThat(store.delete(key, 3)).isEqualTo(Outcome.DONE), "DELETE");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void only_a_lost_write_costs_a_second_statement(CountedDatabase database) {
        JdbcStore store = database.store;
        StoreKey key = key();
        assertThat(store.create(key, session(1))).isTrue();

        database.assertCost(() -> assertThat(store.create(key, session(2))).isFalse(), "INSERT");
        database.assertCost(
                () -> assertThat(store.compareAndSet(key, 9, session(2))).isNotEqualTo(Outcome.DONE),
                "UPDATE",
                "SELECT");
        database.assertCost(() -> assertThat(store.touch(key, 9, 3, NOW)).isFalse(), "UPDATE");
        database.assertCost(() -> assertThat(store.delete(key, 9)).isNotEqualTo(Outcome.DONE), "DELETE", "SELECT");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void entering_a_key_in_the_user_index_costs_only_a_read_of_the_epoch(CountedDatabase database) {
        UserIndex index = database.store.userIndex().orElseThrow();
        StoreKey key = key();

        database.assertCost(() -> assertThat(index.enter("alice", key, NOW)).isZero(), "SELECT");
        database.assertCost(
                () -> index.advanceEpoch("alice", NOW.plusSeconds(60)),
                database.name.equals("H2") ? "MERGE" : "INSERT");
        database.assertCost(() -> assertThat(index.enter("alice", key, NOW)).isNotZero(), "SELECT");
        database.assertCost(() -> assertThat(index.find("alice", null, 10)).isEmpty(), "SELECT");
        database.assertCost(() -> index.drop("alice", new UserIndex.Entry(key, NOW)));
    }

    /** The table of docs/reference/costs.md. */
    @ParameterizedTest
    @MethodSource("databases")
    void each_request_costs_the_documented_statements(CountedDatabase database) {
        Application application = new Application(database.store);

        database.assertCost(() -> application.request(session -> {}));
        database.assertCost(() -> application.request(session -> session.get("views", Integer.class)));
        database.assertCost(() -> application.request(session -> session.set("views", 1)), "INSERT");
        database.assertCost(() -> application.request(session -> {}));
        database.assertCost(() -> application.request(session -> session.get("views", Integer.class)), "SELECT");
        database.assertCost(() -> application.request(session -> session.set("views", 2)), "SELECT", "UPDATE");
        database.assertCost(
                () -> application.request(session -> {
                    session.exclusive();
                    session.set("views", 1 + Objects.requireNonNull(session.get("views", Integer.class)));
                }),
                "SELECT",
                "UPDATE",
                "UPDATE");
        database.assertCost(
                () -> application.request(session -> session.login("alice")),
                "SELECT",
                "SELECT",
                "INSERT",
                "SELECT",
                "UPDATE");
        database.assertCost(() -> application.request(session -> session.destroy()), "SELECT", "DELETE");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_thousand_replaced_ids_add_no_cost_to_list_and_end_all(CountedDatabase database) {
        Application application = new Application(database.store);
        application.request(session -> session.login("alice"));
        for (int i = 0; i < 350; i++) {
            application.request(Session::changeId);
            application.request(session -> session.login("alice"));
            application.request(Session::destroy);
            application.request(session -> session.login("alice"));
        }

        database.assertCostAtMost(
                4 + 3, () -> assertThat(application.sessions.of("alice").list()).hasSize(1));
        database.assertCostAtMost(
                4 + 3,
                () -> assertThat(application.sessions.of("alice").endAll()).isEqualTo(1));
        assertThat(application.sessions.of("alice").list()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void an_expired_session_costs_one_read_of_the_database_clock(CountedDatabase database) {
        Application application = new Application(database.store);
        application.request(session -> session.set("views", 1));
        application.clock.advance(Duration.ofMinutes(31));

        // By the database's clock it has not expired: the session is neither used nor removed.
        database.assertCost(
                () -> application.request(session -> session.get("views", Integer.class)), "SELECT", "SELECT");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_due_touch_costs_one_more_statement(CountedDatabase database) {
        Application application = new Application(database.store);
        application.request(session -> session.set("views", 1));
        application.clock.advance(Duration.ofMinutes(1));

        database.assertCost(
                () -> application.request(session -> session.get("views", Integer.class)), "SELECT", "UPDATE");
        database.assertCost(() -> application.request(session -> session.get("views", Integer.class)), "SELECT");

        // A change restarts the idle timeout as well.
        application.clock.advance(Duration.ofMinutes(1));
        database.assertCost(() -> application.request(session -> session.set("views", 2)), "SELECT", "UPDATE");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_forged_token_costs_no_statement(CountedDatabase database) {
        Application application = new Application(database.store);
        TestExchange forged = new TestExchange("/", "Cookie: __Host-id=" + "A".repeat(43) + "." + "B".repeat(43));

        database.assertCost(() -> forged.serve(application.sessions, session -> session.get("views", Integer.class)));
    }

    /** Compares the counts at the DataSource with those of a server: the driver sends nothing else. */
    @Test
    void the_server_counts_the_same_statements() {
        MariaDbServer server = SharedServers.mariadb();
        HikariConfig config = SharedServers.config(server.jdbcUrl(), server.user(), server.password());
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            Application application = new Application(
                    JdbcStore.builder(pool).createTableIfMissing().build());
            // Opens the connection for the queries before counting.
            statementsOfServer();

            assertThat(countOnServer(() -> application.request(session -> session.set("views", 1))))
                    .isEqualTo(1);
            assertThat(countOnServer(() -> application.request(session -> session.get("views", Integer.class))))
                    .isEqualTo(1);
            assertThat(countOnServer(() -> application.request(session -> session.set("views", 2))))
                    .isEqualTo(2);
            assertThat(countOnServer(() -> application.request(session -> session.login("alice"))))
                    .isEqualTo(5);
            assertThat(countOnServer(() -> application.request(session -> session.destroy())))
                    .isEqualTo(2);
        }
    }

    private static long countOnServer(Runnable requests) {
        long before = statementsOfServer();
        requests.run();
        // The second query for the counter is counted, too.
        return statementsOfServer() - before - 1;
    }

    private static long statementsOfServer() {
        return Long.parseLong(SharedServers.query(
                        SharedServers.mariadbPool(),
                        "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'QUESTIONS'")
                .get(0));
    }

    /** An application with one client. */
    private static final class Application {
        private final SettableClock clock = new SettableClock();
        private final Sessions sessions;
        private final TestClient client;

        Application(JdbcStore store) {
            sessions = Sessions.create(c -> c.secret("the secret of these tests, which no application would use 4711")
                    .store(store)
                    .clock(clock));
            client = new TestClient(sessions);
        }

        void request(Consumer<Session> handler) {
            client.request(handler);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_sweep_holds_no_connection_while_it_reports_a_record(CountedDatabase database) {
        StoreKey key = key();
        assertThat(database.store.create(key, session(1, NOW.minusSeconds(900), null)))
                .isTrue();

        int swept = database.store
                .expirySweep()
                .orElseThrow()
                .sweep(
                        NOW.minusSeconds(600),
                        10,
                        (each, session) -> assertThat(database.counting.inUse()).isZero());

        assertThat(swept).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_sweep_of_a_large_table_costs_a_fixed_number_of_statements(CountedDatabase database) {
        for (int i = 0; i < 2_100; i++) {
            database.store.create(key(), session(i));
        }
        // The first sweep creates the claim's row.
        database.store.expirySweep().orElseThrow().sweep(NOW, 10, (each, session) -> {});
        database.counting.reset();

        database.store.expirySweep().orElseThrow().sweep(NOW, 10, (each, session) -> {});

        List<String> statements = database.counting.statements();
        assertThat(statements).startsWith("UPDATE").endsWith("UPDATE");
        // One slice, or two if it contains the table's end.
        assertThat(statements.subList(1, statements.size() - 1))
                .containsOnly("SELECT")
                .hasSizeBetween(2, 4);
    }
}
