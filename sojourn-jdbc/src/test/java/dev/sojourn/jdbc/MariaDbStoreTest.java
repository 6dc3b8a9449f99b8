package dev.sojourn.jdbc;

import javax.sql.DataSource;

class MariaDbStoreTest extends JdbcStoreContract {
    @Override
    DataSource dataSource() {
        return Real.mariadbPool();
    }

    @Override
    DataSource anotherDataSource() {
        return Real.mariadbPool();
    }
}
