package dev.sojourn.jdbc;

import static dev.sojourn.jdbc.Fixtures.NOW;
import static dev.sojourn.jdbc.Fixtures.key;
import static dev.sojourn.jdbc.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDataSourceTest {
    @TempDir
    private Path folder;

    @Test
    void an_acknowledged_write_is_on_the_disk_by_default() {
        try (SqliteDataSource file = SqliteDataSource.open(folder.resolve("data/deep/sessions.db"))) {
            assertThat(SharedServers.query(file, "PRAGMA journal_mode")).containsExactly("wal");
            assertThat(SharedServers.query(file, "PRAGMA synchronous")).containsExactly("2");
            assertThat(SharedServers.query(file, "PRAGMA busy_timeout")).containsExactly("1000");
        }
        try (SqliteDataSource file =
                SqliteDataSource.open(folder.resolve("other.db"), SqliteDataSource.Synchronous.NORMAL)) {
            assertThat(SharedServers.query(file, "PRAGMA synchronous")).containsExactly("1");
        }
    }

    @Test
    void only_the_owner_may_read_a_new_file() throws Exception {
        Path path = folder.resolve("sessions.db");
        try (SqliteDataSource file = SqliteDataSource.open(path);
                Stream<Path> files = Files.list(folder)) {
            JdbcStore.builder(file).createTableIfMissing().build().create(key(), session(1));
            for (Path each : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void sessions_survive_when_the_file_is_opened_again() {
        Path path = folder.resolve("sessions.db");
        StoreKey key = key();
        try (SqliteDataSource file = SqliteDataSource.open(path)) {
            JdbcStore.builder(file).createTableIfMissing().build().create(key, session(7));
        }
        assertThat(folder.resolve("sessions.db-wal")).doesNotExist();
        try (SqliteDataSource file = SqliteDataSource.open(path)) {
            assertThat(JdbcStore.over(file).load(key).orElseThrow().version()).isEqualTo(7);
            assertThat(file.toString()).isEqualTo("SqliteDataSource[open]").doesNotContain(path.toString());
        }
    }

    @Test
    void a_call_waits_for_a_locked_file_and_is_then_not_done() throws Exception {
        try (SqliteDataSource file = SqliteDataSource.open(folder.resolve("sessions.db"));
                Connection holder = file.getConnection();
                Statement statement = holder.createStatement()) {
            JdbcStore store = JdbcStore.builder(file).createTableIfMissing().build();
            JdbcStore shortTimeout =
                    JdbcStore.builder(file).timeout(Duration.ofMillis(1_500)).build();
            StoreKey key = key();
            store.create(key, session(1));
            statement.execute("BEGIN IMMEDIATE");

            assertThat(store.load(key)).as("readers do not wait for a writer").isPresent();
            StoreException e = catchThrowableOfType(StoreException.class, () -> shortTimeout.touch(key, 1, 2, NOW));
            assertThat(e.isNotDone()).isTrue();
            assertThat(e).hasMessageContaining("code 5");

            statement.execute("COMMIT");
            assertThat(store.touch(key, 1, 2, NOW)).isTrue();
        }
    }

    @Test
    void a_call_succeeds_if_the_file_is_unlocked_within_the_timeout() throws Exception {
        try (SqliteDataSource file = SqliteDataSource.open(folder.resolve("sessions.db"));
                Connection holder = file.getConnection();
                Statement statement = holder.createStatement()) {
            JdbcStore store = JdbcStore.builder(file).createTableIfMissing().build();
            StoreKey key = key();
            store.create(key, session(1));
            // Longer than SQLite's own busy timeout.
            statement.execute("BEGIN IMMEDIATE");
            Thread release = new Thread(() -> {
                try {
                    Thread.sleep(1_300);
                    statement.execute("COMMIT");
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            release.start();

            assertThat(store.touch(key, 1, 2, NOW)).isTrue();
            release.join();
        }
    }

    @Test
    void a_table_name_with_a_schema_is_refused() {
        try (SqliteDataSource file = SqliteDataSource.open(folder.resolve("sessions.db"))) {
            assertThatThrownBy(() -> JdbcStore.builder(file)
                            .table("main.visit")
                            .createTableIfMissing()
                            .build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no schema");
        }
    }
}
