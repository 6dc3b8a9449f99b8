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

/** A real DataSource, counted: what was borrowed, what was executed, what is out at the moment. */
final class CountingDataSource {
    private final List<String> statements = new ArrayList<>();
    private final AtomicInteger borrowed = new AtomicInteger();
    private final AtomicInteger out = new AtomicInteger();
    private final DataSource dataSource;

    CountingDataSource(DataSource real) {
        dataSource = wrapped(DataSource.class, real, method -> {}, (method, result) -> {
            if (!(result instanceof Connection connection)) {
                return result;
            }
            borrowed.incrementAndGet();
            out.incrementAndGet();
            return counted(connection);
        });
    }

    DataSource dataSource() {
        return dataSource;
    }

    int borrowed() {
        return borrowed.get();
    }

    /** How many connections are borrowed at this moment. */
    int out() {
        return out.get();
    }

    /** The first word of each statement that was executed. */
    List<String> statements() {
        return statements;
    }

    void reset() {
        statements.clear();
        borrowed.set(0);
    }

    private Connection counted(Connection real) {
        return wrapped(Connection.class, real, method -> {}, (method, result) -> {
            if (method.getName().equals("close")) {
                out.decrementAndGet();
            }
            return result;
        });
    }

    private PreparedStatement counted(String sql, PreparedStatement real) {
        Consumer<Method> count = method -> {
            if (method.getName().startsWith("execute")) {
                statements.add(sql.substring(0, sql.indexOf(' ')).toUpperCase(Locale.ROOT));
            }
        };
        return wrapped(PreparedStatement.class, real, count, (method, result) -> result);
    }

    private interface After {
        Object then(Method method, Object result);
    }

    private <T> T wrapped(Class<T> type, T real, Consumer<Method> before, After after) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            try {
                before.accept(method);
                Object result = method.invoke(real, arguments);
                if (method.getName().equals("prepareStatement")) {
                    return counted((String) arguments[0], (PreparedStatement) result);
                }
                return after.then(method, result);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
