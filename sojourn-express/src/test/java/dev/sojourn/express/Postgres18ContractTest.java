package dev.sojourn.express;

import javax.sql.DataSource;

/** The store contract, on Express's records in PostgreSQL 18. */
class Postgres18ContractTest extends ExpressPostgresContract {
    @Override
    DataSource pool() {
        return SharedServers.pool18();
    }
}
