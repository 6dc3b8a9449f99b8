package dev.sojourn.jdbc;

import static dev.sojourn.jdbc.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.testing.SessionStoreContract;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The store contract on a database that is started once. Each test starts with an empty table. */
abstract class JdbcStoreContract extends SessionStoreContract {
    /** Returns the DataSource of the first node. */
    abstract DataSource dataSource() throws Exception;

    /** Returns the DataSource of another node, with its own connections. */
    abstract DataSource anotherDataSource() throws Exception;

    @Override
    protected SessionStore open() throws Exception {
        JdbcStore store = JdbcStore.builder(dataSource()).createTableIfMissing().build();
        empty(dataSource());
        return store;
    }

    @Override
    protected SessionStore openAnother(SessionStore first) throws Exception {
        return JdbcStore.over(anotherDataSource());
    }

    @Test
    void an_epoch_is_kept_until_the_latest_requested_time() throws Exception {
        DataSource database = dataSource();
        UserIndex index = open().userIndex().orElseThrow();
        Instant latest = NOW.plus(Duration.ofDays(2));

        index.advanceEpoch("alice", latest);
        index.advanceEpoch("alice", NOW.plus(Duration.ofDays(1)));

        assertThat(SharedServers.query(database, "SELECT expires_at FROM sojourn_session"))
                .containsExactly(String.valueOf(latest.toEpochMilli()));
    }

    static void empty(DataSource dataSource) throws Exception {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM sojourn_session");
        }
    }
}
