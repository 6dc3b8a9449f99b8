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

/** A node is killed while a request of it has a session to itself. */
class HolderKilledTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void one_request_to_the_other_node_waits_out_the_lease_and_succeeds() throws Exception {
        Path file = folder.resolve("sessions.db");
        String store = "jdbc:sqlite:" + file;
        try (NodeProcess holder = NodeProcess.start("HolderKilled-node0", List.of(store), folder);
                NodeProcess other = NodeProcess.start("HolderKilled-node1", List.of(store, Node.PATIENT), folder)) {
            Http.Response start = Http.send(holder.port(), "POST", "/start?id=1&owner=o&user=u", null);
            String cookie = start.values("Set-Cookie").get(0).split(";", -1)[0];
            Future<?> thinking = Waiting.begin(() -> naive(holder, 2, 600_000, cookie));
            awaitLease(file);

            holder.kill();
            Http.Response answer = Http.send(other.port(), "POST", "/naive?id=3", cookie);

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(View.parse(answer.body()).list(View.NAIVE)).containsExactly(3);
            thinking.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Whatever becomes of it. */
    private static void naive(NodeProcess node, int id, int milliseconds, String cookie) {
        try {
            Http.send(node.port(), "POST", "/naive?id=" + id + "&" + Node.THINK + "=" + milliseconds, cookie);
        } catch (IOException e) {
            // the node was killed
        }
    }

    /** The session's record says that a request has it to itself. */
    private static void awaitLease(Path file) throws SQLException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        try (SqliteDataSource database = SqliteDataSource.open(file);
                Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            while (!isLeased(statement)) {
                assertThat(System.nanoTime()).as("there is no lease").isLessThan(giveUp);
                Waiting.pause(5);
            }
        }
    }

    private static boolean isLeased(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT payload FROM sojourn_session")) {
            return rows.next() && new String(rows.getBytes(1), StandardCharsets.UTF_8).contains("\"lease\"");
        }
    }
}
