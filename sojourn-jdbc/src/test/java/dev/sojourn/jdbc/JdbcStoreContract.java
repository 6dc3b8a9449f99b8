package dev.sojourn.jdbc;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.SessionStoreContract;
import java.sql.Connection;
import java.sql.Statement;
import javax.sql.DataSource;

/** The contract over a database that is started once: each test finds the table empty. */
abstract class JdbcStoreContract extends SessionStoreContract {
    /** As the first node has it. */
    abstract DataSource dataSource() throws Exception;

    /** As another node has it: connections of its own. */
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
