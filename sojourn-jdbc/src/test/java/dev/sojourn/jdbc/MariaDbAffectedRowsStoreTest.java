package dev.sojourn.jdbc;

import static dev.sojourn.jdbc.Fixtures.NOW;
import static dev.sojourn.jdbc.Fixtures.key;
import static dev.sojourn.jdbc.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.servers.MariaDbServer;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The store contract with {@code useAffectedRows}: the driver counts changed rows instead of found rows. */
class MariaDbAffectedRowsStoreTest extends JdbcStoreContract {
    private static HikariDataSource pool;

    @BeforeAll
    static void openPool() {
        MariaDbServer server = SharedServers.mariadb();
        pool = new HikariDataSource(SharedServers.config(
                server.jdbcUrl() + (server.jdbcUrl().contains("?") ? "&" : "?") + "useAffectedRows=true",
                server.user(),
                server.password()));
    }

    @AfterAll
    static void closePool() {
        pool.close();
    }

    @Override
    DataSource dataSource() {
        return pool;
    }

    @Override
    DataSource anotherDataSource() {
        return pool;
    }

    @Test
    void a_touch_and_a_write_that_change_nothing_are_done() {
        JdbcStore store = JdbcStore.builder(pool).createTableIfMissing().build();
        StoreKey key = key();
        StoredSession session = session(7, NOW.plusSeconds(60), "alice");
        assertThat(store.create(key, session)).isTrue();

        assertThat(store.touch(key, 7, 7, session.expiresAt())).isTrue();
        assertThat(store.compareAndSet(key, 7, session)).isEqualTo(Outcome.DONE);

        assertThat(store.touch(key, 8, 8, session.expiresAt())).isFalse();
        assertThat(store.compareAndSet(key, 8, session)).isNotEqualTo(Outcome.DONE);
        assertThat(store.touch(key(), 7, 7, session.expiresAt())).isFalse();
    }
}
