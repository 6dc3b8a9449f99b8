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
    void postgresql_14_starts_with_the_password_and_keeps_data_over_a_kill() throws SQLException {
        try (PostgresServer server = PostgresServer.start14("-c", "timezone=Asia/Tokyo")) {
            Database database = new Database(server.jdbcUrl(), server.user(), server.password());
            assertThat(database.ask("SHOW server_version")).startsWith("14.");
            assertThat(server.jdbcUrl()).contains(server.host() + ":" + server.port());
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), server.user(), "wrong"))
                    .isInstanceOf(SQLException.class);
            keepsDataOver(database, server::kill, server::restart);
        }
    }

    @Test
    void postgresql_18_durable_keeps_data_over_a_kill_and_a_stop_and_shows_it_in_a_dump() throws SQLException {
        try (PostgresServer server = PostgresServer.durable()) {
            Database database = new Database(server.jdbcUrl(), server.user(), server.password());
            assertThat(database.ask("SHOW server_version")).startsWith("18.");
            assertThat(database.ask("SHOW fsync")).isEqualTo("on");
            keepsDataOver(database, server::kill, server::restart);
            keepsDataOver(database, server::stop, server::restart);
            assertThat(new String(server.dump(), StandardCharsets.ISO_8859_1)).contains(Database.VALUE);
        }
    }

    @Test
    void postgresql_18_answers_after_a_pause() throws Exception {
        try (PostgresServer server = PostgresServer.start18()) {
            answersAfterPause(
                    new Database(server.jdbcUrl(), server.user(), server.password()), server::pause, server::resume);
        }
    }

    @Test
    void a_pair_of_postgresql_acknowledges_what_its_standby_has_and_goes_on_with_it() throws SQLException {
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
    void mariadb_keeps_data_over_a_kill_and_a_stop_and_answers_after_a_pause() throws Exception {
        try (MariaDbServer server = MariaDbServer.start()) {
            Database database = new Database(server.jdbcUrl(), server.user(), server.password());
            assertThat(database.ask("SELECT version()")).startsWith("11.4.");
            assertThat(database.ask("SELECT @@character_set_server")).isEqualTo("utf8mb4");
            assertThat(server.jdbcUrl()).contains(server.host() + ":" + server.port());
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), server.user(), "wrong"))
                    .isInstanceOf(SQLException.class);
            keepsDataOver(database, server::kill, server::restart);
            keepsDataOver(database, server::stop, server::restart);
            assertThat(new String(server.dump(), StandardCharsets.ISO_8859_1)).contains(Database.VALUE);
            answersAfterPause(database, server::pause, server::resume);
        }
    }

    @Test
    void mariadb_durable_flushes_every_commit() throws SQLException {
        try (MariaDbServer server = MariaDbServer.durable()) {
            Database database = new Database(server.jdbcUrl(), server.user(), server.password());
            assertThat(database.ask("SELECT @@innodb_flush_log_at_trx_commit")).isEqualTo("1");
        }
    }

    private static void keepsDataOver(Database database, Runnable end, Runnable restart) throws SQLException {
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
        assertThat(database.ask("SELECT v FROM kept")).isEqualTo(Database.VALUE);
    }

    private static void answersAfterPause(Database database, Runnable pause, Runnable resume) throws Exception {
        ExecutorService client = Executors.newSingleThreadExecutor();
        try (Connection open = database.connect()) {
            pause.run();
            Future<String> answer = client.submit(() -> Database.ask(open, "SELECT 'here'"));
            assertThatThrownBy(() -> answer.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            resume.run();
            assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("here");
        } finally {
            client.shutdownNow();
        }
    }

    private record Database(String url, String user, String password) {

        static final String VALUE = "a value that is kept";

        Connection connect() throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }

        String ask(String sql) throws SQLException {
            try (Connection connection = connect()) {
                return ask(connection, sql);
            }
        }

        static String ask(Connection connection, String sql) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(sql)) {
                assertThat(result.next()).isTrue();
                return result.getString(1);
            }
        }
    }
}
