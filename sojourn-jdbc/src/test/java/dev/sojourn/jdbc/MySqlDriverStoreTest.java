package dev.sojourn.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.servers.MariaDbServer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The store contract with MySQL's driver on MariaDB, which the driver reports as MySQL. */
class MySqlDriverStoreTest extends JdbcStoreContract {
    private static HikariDataSource pool;

    @BeforeAll
    static void openPool() {
        MariaDbServer server = SharedServers.mariadb();
        pool = new HikariDataSource(SharedServers.config(
                server.jdbcUrl().replace("jdbc:mariadb:", "jdbc:mysql:"), server.user(), server.password()));
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
    void the_server_is_detected_as_mariadb() {
        assertThat(JdbcStore.builder(pool).createTableIfMissing().build())
                .hasToString("JdbcStore[MARIADB, sojourn_session]");
    }
}
