package dev.sojourn.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A database that gives rows in an order that nothing suggests wherever a statement does not ask for one. */
class UnorderedSqliteStoreTest extends JdbcStoreContract {
    @TempDir
    private static Path folder;

    private static SqliteDataSource one;
    private static SqliteDataSource other;

    @BeforeAll
    static void openTheFileTwice() {
        one = SqliteDataSource.open(folder.resolve("sessions.db"));
        other = SqliteDataSource.open(folder.resolve("sessions.db"));
    }

    @AfterAll
    static void close() {
        one.close();
        other.close();
    }

    @Override
    DataSource dataSource() {
        return unordered(one);
    }

    @Override
    DataSource anotherDataSource() {
        return unordered(other);
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
