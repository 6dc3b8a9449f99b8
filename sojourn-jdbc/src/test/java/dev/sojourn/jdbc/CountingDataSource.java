package dev.sojourn.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Wraps a DataSource and counts borrowed connections, executed statements, and connections in use. */
final class CountingDataSource {
    private final List<String> statements = new ArrayList<>();
    private final AtomicInteger borrowCount = new AtomicInteger();
    private final AtomicInteger inUse = new AtomicInteger();
    private final DataSource dataSource;

    CountingDataSource(DataSource real) {
        dataSource = wrap(DataSource.class, real, method -> {}, (method, result) -> {
            if (!(result instanceof Connection connection)) {
                return result;
            }
            borrowCount.incrementAndGet();
            inUse.incrementAndGet();
            return count(connection);
        });
    }

    DataSource dataSource() {
        return dataSource;
    }

    int borrowCount() {
        return borrowCount.get();
    }

    /** Returns the number of connections that are currently borrowed. */
    int inUse() {
        return inUse.get();
    }

    /** Returns the first word of each executed statement. */
    List<String> statements() {
        return statements;
    }

    void reset() {
        statements.clear();
        borrowCount.set(0);
    }

    private Connection count(Connection real) {
        return wrap(Connection.class, real, method -> {}, (method, result) -> {
            if (method.getName().equals("close")) {
                inUse.decrementAndGet();
            }
            return result;
        });
    }

    private PreparedStatement count(String sql, PreparedStatement real) {
        Consumer<Method> count = method -> {
            if (method.getName().startsWith("execute")) {
                statements.add(sql.substring(0, sql.indexOf(' ')).toUpperCase(Locale.ROOT));
            }
        };
        return wrap(PreparedStatement.class, real, count, (method, result) -> result);
    }

    private interface ResultMapper {
        Object apply(Method method, Object result);
    }

    private <T> T wrap(Class<T> type, T real, Consumer<Method> before, ResultMapper after) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            try {
                before.accept(method);
                Object result = method.invoke(real, arguments);
                if (method.getName().equals("prepareStatement")) {
                    return count((String) arguments[0], (PreparedStatement) result);
                }
                return after.apply(method, result);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
