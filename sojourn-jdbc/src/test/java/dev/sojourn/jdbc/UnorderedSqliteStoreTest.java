package dev.sojourn.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import javax.sql.DataSource;

/** A database that gives rows in an order that nothing suggests wherever a statement does not ask for one. */
class UnorderedSqliteStoreTest extends SqliteStoreTest {
    @Override
    DataSource dataSource() {
        return unordered(super.dataSource());
    }

    @Override
    DataSource anotherDataSource() {
        return unordered(super.anotherDataSource());
    }

    private static DataSource unordered(DataSource real) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(real, arguments);
                        if (result instanceof Connection connection) {
                            reverse(connection);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void reverse(Connection connection) throws java.sql.SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA reverse_unordered_selects = ON");
        }
    }
}
