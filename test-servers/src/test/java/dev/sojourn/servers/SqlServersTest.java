package dev.sojourn.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class SqlServersTest {

    @Test
    void postgresql_14_requires_its_password_and_keeps_data_after_a_kill() throws SQLException {
        try (PostgresServer server = PostgresServer.start14("-c", "timezone=Asia/Tokyo")) {
            Database database = new Database(server.jdbcUrl(), server.user(), server.password());
            assertThat(database.query("SHOW server_version")).startsWith("14.");
            assertThat(server.jdbcUrl()).contains(server.host() + ":" + server.port());
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), server.user(), "wrong"))
                    .isInstanceOf(SQLException.class);
            assertKeepsDataAfter(database, server::kill, server::restart);
        }
    }

    @Test
    void durable_postgresql_18_keeps_data_after_a_kill_and_a_stop_and_a_dump_contains_it() throws SQLException {
        try (PostgresServer server = PostgresServer.startDurable()) {
            Database database = new Database(server.jdbcUrl(), server.user(), server.password());
            assertThat(database.query("SHOW server_version")).startsWith("18.");
            assertThat(database.query("SHOW fsync")).isEqualTo("on");
            assertKeepsDataAfter(database, server::kill, server::restart);
            assertKeepsDataAfter(database, server::stop, server::restart);
            assertThat(new String(server.dump(), StandardCharsets.ISO_8859_1)).contains(Database.VALUE);
        }
    }

    @Test
    void postgresql_18_responds_after_a_pause() throws Exception {
        try (PostgresServer server = PostgresServer.start18()) {
            assertRespondsAfterPause(
                    new Database(server.jdbcUrl(), server.user(), server.password()), server::pause, server::resume);
        }
    }

    @Test
    void a_postgresql_standby_has_every_acknowledged_commit_and_can_be_promoted() throws SQLException {
        try (PostgresPair pair = PostgresPair.start()) {
            try (Connection primary = DriverManager.getConnection(pair.jdbcUrl());
                    Statement statement = primary.createStatement()) {
                statement.execute("CREATE TABLE kept (value text)");
                statement.execute("INSERT INTO kept VALUES ('there')");
                try (ResultSet standbys = statement.executeQuery("SELECT sync_state FROM pg_stat_replication")) {
                    assertThat(standbys.next()).isTrue();
                    assertThat(standbys.getString(1)).isEqualTo("sync");
                }
                pair.killPrimary();
            }
            pair.promote();
            try (Connection standby = DriverManager.getConnection(pair.jdbcUrl());
                    Statement statement = standby.createStatement();
                    ResultSet kept = statement.executeQuery("SELECT value FROM kept")) {
                assertThat(kept.next()).isTrue();
                assertThat(kept.getString(1)).isEqualTo("there");
                assertThat(statement.execute("INSERT INTO kept VALUES ('more')"))
                        .isFalse();
            }
        }
    }

    @Test
    void mariadb_keeps_data_after_a_kill_and_a_stop_and_responds_after_a_pause() throws Exception {
        try (MariaDbServer server = MariaDbServer.start()) {
            Database database = new Database(server.jdbcUrl(), server.user(), server.password());
            assertThat(database.query("SELECT version()")).startsWith("11.4.");
            assertThat(database.query("SELECT @@character_set_server")).isEqualTo("utf8mb4");
            assertThat(server.jdbcUrl()).contains(server.host() + ":" + server.port());
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), server.user(), "wrong"))
                    .isInstanceOf(SQLException.class);
            assertKeepsDataAfter(database, server::kill, server::restart);
            assertKeepsDataAfter(database, server::stop, server::restart);
            assertThat(new String(server.dump(), StandardCharsets.ISO_8859_1)).contains(Database.VALUE);
            assertRespondsAfterPause(database, server::pause, server::resume);
        }
    }

    @Test
    void durable_mariadb_flushes_every_commit() throws SQLException {
        try (MariaDbServer server = MariaDbServer.startDurable()) {
            Database database = new Database(server.jdbcUrl(), server.user(), server.password());
            assertThat(database.query("SELECT @@innodb_flush_log_at_trx_commit"))
                    .isEqualTo("1");
        }
    }

    private static void assertKeepsDataAfter(Database database, Runnable end, Runnable restart) throws SQLException {
        try (Connection open = database.connect();
                Statement statement = open.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS kept");
            statement.execute("CREATE TABLE kept (v VARCHAR(100))");
            statement.execute("INSERT INTO kept VALUES ('" + Database.VALUE + "')");
            end.run();
            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
        restart.run();
        assertThat(database.query("SELECT v FROM kept")).isEqualTo(Database.VALUE);
    }

    private static void assertRespondsAfterPause(Database database, Runnable pause, Runnable resume) throws Exception {
        ExecutorService client = Executors.newSingleThreadExecutor();
        try (Connection open = database.connect()) {
            pause.run();
            Future<String> response = client.submit(() -> Database.query(open, "SELECT 'here'"));
            assertThatThrownBy(() -> response.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            resume.run();
            assertThat(response.get(30, TimeUnit.SECONDS)).isEqualTo("here");
        } finally {
            client.shutdownNow();
        }
    }

    private record Database(String url, String user, String password) {

        static final String VALUE = "a value that is kept";

        Connection connect() throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }

        String query(String sql) throws SQLException {
            try (Connection connection = connect()) {
                return query(connection, sql);
            }
        }

        static String query(Connection connection, String sql) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(sql)) {
                assertThat(result.next()).isTrue();
                return result.getString(1);
            }
        }
    }
}
