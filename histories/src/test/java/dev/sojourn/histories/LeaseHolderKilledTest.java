package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.jdbc.SqliteDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node is killed while one of its requests has a lease. */
class LeaseHolderKilledTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void one_request_to_the_other_node_waits_until_the_lease_expires_and_succeeds() throws Exception {
        Path file = folder.resolve("sessions.db");
        String store = "jdbc:sqlite:" + file;
        try (NodeProcess holder = NodeProcess.start("LeaseHolderKilled-node0", List.of(store), folder);
                NodeProcess other =
                        NodeProcess.start("LeaseHolderKilled-node1", List.of(store, Node.LONG_WAIT), folder)) {
            Http.Response start = Http.send(holder.port(), "POST", "/start?id=1&owner=o&user=u", null);
            String cookie = start.values("Set-Cookie").get(0).split(";", -1)[0];
            Future<?> heldRequest = TimedWait.runAsync(() -> naive(holder, 2, 600_000, cookie));
            awaitLease(file);

            holder.kill();
            Http.Response response = Http.send(other.port(), "POST", "/naive?id=3", cookie);

            assertThat(response.status()).as(response.body()).isEqualTo(200);
            assertThat(SessionView.parse(response.body()).list(SessionView.NAIVE))
                    .containsExactly(3);
            heldRequest.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Sends a request and ignores a connection error. */
    private static void naive(NodeProcess node, int id, int milliseconds, String cookie) {
        try {
            Http.send(node.port(), "POST", "/naive?id=" + id + "&" + Node.DELAY + "=" + milliseconds, cookie);
        } catch (IOException e) {
            // the node was killed
        }
    }

    /** Waits until the session's record contains a lease. */
    private static void awaitLease(Path file) throws SQLException {
        long giveUp = System.nanoTime() + TIMEOUT.toNanos();
        try (SqliteDataSource database = SqliteDataSource.open(file);
                Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            while (!isLeased(statement)) {
                assertThat(System.nanoTime()).as("there is no lease").isLessThan(giveUp);
                TimedWait.pause(5);
            }
        }
    }

    private static boolean isLeased(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT payload FROM sojourn_session")) {
            return rows.next() && new String(rows.getBytes(1), StandardCharsets.UTF_8).contains("\"lease\"");
        }
    }
}
