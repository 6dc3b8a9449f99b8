package dev.sojourn.jdbc;

import javax.sql.DataSource;

class Postgres14StoreTest extends JdbcStoreContract {
    @Override
    DataSource dataSource() {
        return Real.postgres14Pool();
    }

    @Override
    DataSource anotherDataSource() {
        return Real.postgres14Pool();
    }
}
