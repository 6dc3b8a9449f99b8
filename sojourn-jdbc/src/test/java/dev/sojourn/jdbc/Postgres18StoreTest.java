package dev.sojourn.jdbc;

import javax.sql.DataSource;

class Postgres18StoreTest extends JdbcStoreContract {
    @Override
    DataSource dataSource() {
        return SharedServers.postgres18Pool();
    }

    @Override
    DataSource anotherDataSource() {
        return SharedServers.postgres18Pool();
    }
}
