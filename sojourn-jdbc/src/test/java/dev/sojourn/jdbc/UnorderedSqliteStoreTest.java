package dev.sojourn.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import javax.sql.DataSource;

/** The store contract on a SQLite that returns rows in reverse order where a statement requests no order. */
class UnorderedSqliteStoreTest extends SqliteStoreTest {
    @Override
    DataSource dataSource() {
        return withReverseOrder(super.dataSource());
    }

    @Override
    DataSource anotherDataSource() {
        return withReverseOrder(super.anotherDataSource());
    }

    private static DataSource withReverseOrder(DataSource real) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(real, arguments);
                        if (result instanceof Connection connection) {
                            reverseOrder(connection);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void reverseOrder(Connection connection) throws java.sql.SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA reverse_unordered_selects = ON");
        }
    }
}
