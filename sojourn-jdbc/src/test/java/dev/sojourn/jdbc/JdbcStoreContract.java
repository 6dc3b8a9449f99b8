package dev.sojourn.jdbc;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.SessionStoreContract;
import java.sql.Connection;
import java.sql.Statement;
import javax.sql.DataSource;

/** The store contract over a database that is started once. Each test begins with an empty table. */
abstract class JdbcStoreContract extends SessionStoreContract {
    /** Returns the DataSource of the first node. */
    abstract DataSource dataSource() throws Exception;

    /** Returns the DataSource of another node, with connections of its own. */
    abstract DataSource anotherDataSource() throws Exception;

    @Override
    protected SessionStore open() throws Exception {
        JdbcStore store = JdbcStore.builder(dataSource()).createTableIfMissing().build();
        empty(dataSource());
        return store;
    }

    @Override
    protected SessionStore openAnother(SessionStore first) throws Exception {
        return JdbcStore.over(anotherDataSource());
    }

    static void empty(DataSource dataSource) throws Exception {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM sojourn_session");
        }
    }
}
