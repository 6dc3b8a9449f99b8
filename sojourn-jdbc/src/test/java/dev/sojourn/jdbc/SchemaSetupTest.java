package dev.sojourn.jdbc;

import static dev.sojourn.jdbc.Fixtures.key;
import static dev.sojourn.jdbc.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class SchemaSetupTest {
    private static DataSource newH2() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:" + key().text().replace('-', 'x') + ";DB_CLOSE_DELAY=-1");
        return h2;
    }

    @Test
    void the_error_for_a_missing_table_names_the_file_that_creates_it() {
        DataSource pool = SharedServers.postgres18Pool();
        SharedServers.execute(pool, "DROP TABLE IF EXISTS absent");

        assertThatThrownBy(() -> JdbcStore.builder(pool).table("absent").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("postgresql.sql")
                .hasMessageContaining("createTableIfMissing()");
        assertThatThrownBy(() -> JdbcStore.over(newH2()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("h2.sql");
    }

    @Test
    void connections_without_auto_commit_are_refused_with_the_option_to_set() {
        PostgresServer server = SharedServers.postgres18();
        HikariConfig config = SharedServers.config(server.jdbcUrl(), server.user(), server.password());
        config.setAutoCommit(false);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertThatThrownBy(
                            () -> JdbcStore.builder(pool).createTableIfMissing().build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("auto-commit")
                    .hasMessageContaining("autoCommit=true");
        }
    }

    @Test
    void a_pool_that_joins_a_transaction_later_is_refused_at_each_call() {
        PostgresServer server = SharedServers.postgres18();
        try (HikariDataSource pool = SharedServers.pool(server)) {
            JdbcStore store = JdbcStore.builder(pool).createTableIfMissing().build();
            StoreKey key = key();
            pool.getHikariConfigMXBean();
            TransactionalDataSource transactional = new TransactionalDataSource(pool);
            JdbcStore inTransaction = JdbcStore.over(transactional.dataSource());
            transactional.beginTransaction();

            assertThatThrownBy(() -> inTransaction.create(key, session(1)))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.isNotDone()).isTrue())
                    .hasMessageContaining("pool of its own");
            assertThat(store.load(key)).isEmpty();
        }
    }

    @Test
    void building_a_store_on_an_unavailable_database_is_not_done() {
        HikariConfig config = SharedServers.config("jdbc:postgresql://127.0.0.1:1/nothing", "unknown", "unknown");
        config.setConnectionTimeout(250);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertThatThrownBy(() -> JdbcStore.builder(pool)
                            .timeout(Duration.ofMillis(500))
                            .build())
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.isNotDone()).isTrue());
        }
    }

    @Test
    void nodes_that_start_concurrently_create_one_table() throws Exception {
        DataSource pool = SharedServers.postgres14Pool();
        ExecutorService nodes = Executors.newFixedThreadPool(6);
        try {
            for (int round = 0; round < 10; round++) {
                SharedServers.execute(pool, "DROP TABLE IF EXISTS raced");
                CyclicBarrier start = new CyclicBarrier(6);
                Callable<Boolean> node = () -> {
                    start.await();
                    JdbcStore store = JdbcStore.builder(pool)
                            .table("raced")
                            .createTableIfMissing()
                            .build();
                    return store.create(key(), session(1));
                };
                for (Future<Boolean> each :
                        nodes.invokeAll(Stream.generate(() -> node).limit(6).toList())) {
                    assertThat(each.get()).isTrue();
                }
                assertThat(SharedServers.query(pool, "SELECT count(*) FROM raced"))
                        .containsExactly("6");
                assertThat(SharedServers.query(
                                pool, "SELECT indexname FROM pg_indexes WHERE tablename = 'raced' ORDER BY 1"))
                        .containsExactly("raced_pkey", "raced_subject");
            }
        } finally {
            nodes.shutdownNow();
        }
    }

    @Test
    void the_table_may_be_in_another_schema() {
        DataSource pool = SharedServers.postgres18Pool();
        SharedServers.execute(pool, "DROP SCHEMA IF EXISTS web CASCADE", "CREATE SCHEMA web");
        JdbcStore store = JdbcStore.builder(pool)
                .table("web.visit")
                .createTableIfMissing()
                .build();
        StoreKey key = key();

        assertThat(store.create(key, session(5))).isTrue();

        assertThat(SharedServers.query(pool, "SELECT version FROM web.visit")).containsExactly("5");
        assertThat(store).hasToString("JdbcStore[POSTGRESQL, web.visit]");
    }

    @Test
    void a_case_sensitive_name_is_quoted() {
        SharedServers.execute(
                SharedServers.postgres18Pool(), "DROP SCHEMA IF EXISTS \"Web\" CASCADE", "CREATE SCHEMA \"Web\"");
        DataSource h2 = newH2();
        SharedServers.execute(h2, "CREATE SCHEMA \"Web\"");
        SharedServers.execute(SharedServers.mariadbPool(), "DROP SCHEMA IF EXISTS `Web`", "CREATE SCHEMA `Web`");

        assertStoresSession(SharedServers.postgres18Pool(), "\"Web\".visit");
        assertStoresSession(SharedServers.postgres18Pool(), "\"Web\".\"Visit-2.0 $\"");
        assertStoresSession(h2, "\"Web\".\"Visit\"");
        assertStoresSession(SharedServers.mariadbPool(), "\"Web\".\"Visit-2.0 $\"");

        assertThat(SharedServers.query(
                        SharedServers.postgres18Pool(), "SELECT indexname FROM pg_indexes WHERE schemaname = 'Web'"))
                .contains("visit_subject", "Visit-2.0 $_subject");
    }

    private static void assertStoresSession(DataSource pool, String table) {
        JdbcStore store =
                JdbcStore.builder(pool).table(table).createTableIfMissing().build();
        StoreKey key = key();
        assertThat(store.create(key, session(5))).isTrue();
        assertThat(store.load(key)).map(StoredSession::version).hasValue(5L);
        UserIndex users = store.userIndex().orElseThrow();
        long before = users.enter("alice", key, Fixtures.NOW.plusSeconds(60));
        users.advanceEpoch("alice", Fixtures.NOW.plusSeconds(60));
        users.advanceEpoch("alice", Fixtures.NOW.plusSeconds(120));
        assertThat(users.enter("alice", key, Fixtures.NOW.plusSeconds(60))).isNotEqualTo(before);
    }

    @Test
    void a_table_name_consists_of_letters_and_digits_or_is_quoted() {
        for (String name : List.of(
                "",
                "a b",
                "a;b",
                "a.b.c",
                "1a",
                "a--",
                "x".repeat(56),
                "é",
                "\"a",
                "\"\"",
                "\"a\"\"b\"",
                "\"a;b\"",
                "\"a'\"",
                "\"a`\"",
                "\"a\"b",
                "`a`",
                "\"é\"",
                "\"a\\\"")) {
            assertThatThrownBy(() -> JdbcStore.builder(newH2()).table(name))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_table_with_other_columns_is_reported_at_start() {
        DataSource pool = SharedServers.postgres18Pool();
        SharedServers.execute(pool, "DROP TABLE IF EXISTS other", "CREATE TABLE other (id text)");

        assertThatThrownBy(() -> JdbcStore.builder(pool)
                        .table("other")
                        .createTableIfMissing()
                        .build())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("42703");
    }

    @Test
    void the_error_for_a_user_who_may_not_create_tables_names_the_file_to_run() {
        PostgresServer server = SharedServers.postgres18();
        SharedServers.execute(
                SharedServers.postgres18Pool(),
                "DROP ROLE IF EXISTS limited",
                "CREATE ROLE limited LOGIN PASSWORD 'not-a-secret'",
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        try (HikariDataSource pool =
                new HikariDataSource(SharedServers.config(server.jdbcUrl(), "limited", "not-a-secret"))) {
            assertThatThrownBy(() -> JdbcStore.builder(pool)
                            .table("forbidden")
                            .createTableIfMissing()
                            .build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("postgresql.sql")
                    .hasMessageContaining("as a user with the right");
        }
    }

    @Test
    void keys_reserved_by_the_store_are_refused() {
        JdbcStore store = JdbcStore.builder(newH2()).createTableIfMissing().build();
        for (String text : List.of("epoch:abc", "sweep:abc", "x".repeat(256))) {
            assertThatThrownBy(() -> store.create(StoreKey.of(text), session(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(text);
        }
    }
}
