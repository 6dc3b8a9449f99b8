package dev.sojourn.spring;

import dev.sojourn.MemoryStore;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.jdbc.SqliteDataSource;
import dev.sojourn.redis.RedisStore;
import dev.sojourn.spi.SessionStore;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** A store that the properties name, with what was opened for it. Closed with the application. */
final class OpenedStore implements AutoCloseable {
    private static final boolean REDIS = isPresent("dev.sojourn.redis.RedisStore");
    private static final boolean JDBC = isPresent("dev.sojourn.jdbc.JdbcStore");

    private final SessionStore store;
    private final AutoCloseable opened;

    /** With what to close: the store, and what was opened below it. */
    private OpenedStore(SessionStore store, AutoCloseable opened) {
        this.store = store;
        this.opened = opened;
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, OpenedStore.class.getClassLoader());
    }

    static OpenedStore open(SojournProperties properties, @Nullable DataSource database) {
        StoreKind kind = properties.store() != null ? properties.store() : kind(properties, database != null);
        System.getLogger("dev.sojourn.spring").log(Level.INFO, "sessions are kept in: " + kind);
        return switch (kind) {
            case MEMORY -> memory();
            case REDIS -> redis(properties.redis());
            case JDBC -> jdbc(properties.jdbc(), database);
            case SQLITE -> sqlite(properties.sqlite());
        };
    }

    /** DevTools closes the application at each restart, and not the store that lives through it. */
    private static OpenedStore memory() {
        return DevToolsStore.find()
                .map(kept -> new OpenedStore(kept, () -> {}))
                .orElseGet(() -> closing(new MemoryStore()));
    }

    private static OpenedStore closing(SessionStore store) {
        return new OpenedStore(store, store);
    }

    private static StoreKind kind(SojournProperties properties, boolean hasDatabase) {
        boolean redis = properties.redis().uri() != null;
        boolean sqlite = properties.sqlite().file() != null;
        if (redis && sqlite) {
            throw new UnusableConfigurationException(
                    "both sojourn.redis.uri and sojourn.sqlite.file are set:"
                            + " say which one with sojourn.store=redis or sojourn.store=sqlite",
                    "Set sojourn.store to redis or to sqlite.");
        }
        if (redis) {
            return StoreKind.REDIS;
        }
        if (sqlite) {
            return StoreKind.SQLITE;
        }
        return JDBC && hasDatabase ? StoreKind.JDBC : StoreKind.MEMORY;
    }

    private static OpenedStore redis(SojournProperties.Redis properties) {
        String uri = required(properties.uri(), "sojourn.redis.uri, for example redis://localhost");
        onClassPath(REDIS, "sojourn-redis");
        RedisStore.Builder builder = RedisStore.builder().uri(uri);
        if (properties.keyPrefix() != null) {
            builder.keyPrefix(properties.keyPrefix());
        }
        try {
            return closing(builder.build());
        } catch (RuntimeException e) {
            throw new UnusableConfigurationException(
                    "Redis cannot be used: " + e.getMessage(),
                    "Check sojourn.redis.uri, that the server runs there, and its user and password.",
                    e);
        }
    }

    private static OpenedStore jdbc(SojournProperties.Jdbc properties, @Nullable DataSource database) {
        onClassPath(JDBC, "sojourn-jdbc");
        DataSource source = required(database, "exactly one DataSource bean, for example by spring.datasource.url");
        open(source);
        JdbcStore.Builder builder = JdbcStore.builder(source);
        if (properties.createTable()) {
            builder.createTableIfMissing();
        }
        if (properties.table() != null) {
            builder.table(properties.table());
        }
        try {
            return closing(builder.build());
        } catch (IllegalStateException e) {
            throw new UnusableConfigurationException(
                    e.getMessage() + (properties.createTable() ? "" : ", which sojourn.jdbc.create-table=true does"),
                    "Set sojourn.jdbc.create-table=true, or create the table that sojourn.jdbc.table names.",
                    e);
        }
    }

    /** A pool that is asked for the first time opens first, and may take longer than a store is willing to wait for it. */
    private static void open(DataSource pool) {
        try {
            pool.getConnection().close();
        } catch (SQLException e) {
            throw new UnusableConfigurationException(
                    "the DataSource bean gives no connection to the database: " + e.getMessage(),
                    "Check spring.datasource.url, its user and password, and that the database runs. To keep sessions"
                            + " elsewhere, set sojourn.store.",
                    e);
        }
    }

    private static OpenedStore sqlite(SojournProperties.Sqlite properties) {
        onClassPath(JDBC, "sojourn-jdbc");
        Path path = required(properties.file(), "sojourn.sqlite.file, for example data/sessions.db");
        try {
            return SqliteFile.open(path);
        } catch (RuntimeException | LinkageError e) {
            throw new UnusableConfigurationException(
                    "the file of sojourn.sqlite.file cannot be used: " + e.getMessage(),
                    "Check that its folder can be written, and that org.xerial:sqlite-jdbc and com.zaxxer:HikariCP are"
                            + " among the dependencies.",
                    e);
        }
    }

    /** Apart, since Spring looks at the methods of its beans' classes, and sojourn-jdbc may be missing. */
    private static final class SqliteFile {
        static OpenedStore open(Path path) {
            SqliteDataSource file = SqliteDataSource.open(path);
            JdbcStore store = JdbcStore.builder(file).createTableIfMissing().build();
            return new OpenedStore(store, () -> {
                try (file) {
                    store.close();
                }
            });
        }
    }

    private static <T> T required(@Nullable T value, String what) {
        if (value == null) {
            throw new UnusableConfigurationException(
                    "the store that sojourn.store names needs " + what, "Set " + what + ", or another sojourn.store.");
        }
        return value;
    }

    private static void onClassPath(boolean present, String module) {
        if (!present) {
            throw new UnusableConfigurationException(
                    "the store that is configured needs the dependency dev.sojourn:" + module,
                    "Add dev.sojourn:" + module + " to the dependencies, or set another sojourn.store.");
        }
    }

    SessionStore store() {
        return store;
    }

    @Override
    public void close() {
        try {
            opened.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("what was opened for the session store could not be closed", e);
        }
    }
}
