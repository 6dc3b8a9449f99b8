package dev.sojourn.express;

import javax.sql.DataSource;

/** The store contract, on Express's records in PostgreSQL 14. */
class Postgres14ContractTest extends ExpressPostgresContract {
    @Override
    DataSource pool() {
        return SharedServers.pool14();
    }
}
