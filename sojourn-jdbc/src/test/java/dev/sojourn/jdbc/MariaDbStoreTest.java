package dev.sojourn.jdbc;

import javax.sql.DataSource;

class MariaDbStoreTest extends JdbcStoreContract {
    @Override
    DataSource dataSource() {
        return SharedServers.mariadbPool();
    }

    @Override
    DataSource anotherDataSource() {
        return SharedServers.mariadbPool();
    }
}
