package dev.sojourn.jdbc;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;

class H2StoreTest extends JdbcStoreContract {
    private static final JdbcConnectionPool ONE = pool();
    private static final JdbcConnectionPool OTHER = pool();

    private static JdbcConnectionPool pool() {
        return JdbcConnectionPool.create("jdbc:h2:mem:contract;DB_CLOSE_DELAY=-1", "sa", "");
    }

    @AfterAll
    static void close() {
        ONE.dispose();
        OTHER.dispose();
    }

    @Override
    DataSource dataSource() {
        return ONE;
    }

    @Override
    DataSource anotherDataSource() {
        return OTHER;
    }
}
