package dev.sojourn.jdbc;

import javax.sql.DataSource;

class Postgres14StoreTest extends JdbcStoreContract {
    @Override
    DataSource dataSource() {
        return SharedServers.postgres14Pool();
    }

    @Override
    DataSource anotherDataSource() {
        return SharedServers.postgres14Pool();
    }
}
