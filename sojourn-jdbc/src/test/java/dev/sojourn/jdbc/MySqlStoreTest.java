package dev.sojourn.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.servers.FetchedServers;
import dev.sojourn.servers.MySqlServer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The store contract on MySQL, with its own driver. */
@Tag("mysql")
class MySqlStoreTest extends JdbcStoreContract {
    private static MySqlServer server;
    private static HikariDataSource pool;

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(FetchedServers.find("mysql").isPresent(), FetchedServers.missingReason("mysql"));
        server = MySqlServer.start();
        pool = new HikariDataSource(SharedServers.config(server.jdbcUrl(), server.user(), server.password()));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            pool.close();
            server.close();
        }
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
    void the_server_is_detected_as_mysql() {
        assertThat(JdbcStore.builder(pool).createTableIfMissing().build())
                .hasToString("JdbcStore[MYSQL, sojourn_session]");
    }
}
