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

/** The store that the properties name, with the resources that were opened for it. Closed with the application. */
final class ConfiguredStore implements AutoCloseable {
    private static final boolean REDIS = isPresent("dev.sojourn.redis.RedisStore");
    private static final boolean JDBC = isPresent("dev.sojourn.jdbc.JdbcStore");

    private final SessionStore store;
    private final AutoCloseable resource;

    /** Creates an instance that closes the given resource: the store, or what the store uses. */
    private ConfiguredStore(SessionStore store, AutoCloseable resource) {
        this.store = store;
        this.resource = resource;
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, ConfiguredStore.class.getClassLoader());
    }

    static ConfiguredStore open(SojournProperties properties, @Nullable DataSource database) {
        StoreKind kind = properties.store() != null ? properties.store() : kind(properties, database);
        System.getLogger("dev.sojourn.spring").log(Level.INFO, "sessions are stored in: " + kind);
        return switch (kind) {
            case MEMORY -> memory();
            case REDIS -> redis(properties.redis());
            case JDBC -> jdbc(properties.jdbc(), database);
            case SQLITE -> sqlite(properties.sqlite());
        };
    }

    /** Returns a memory store. DevTools closes the application at each restart, but not its store. */
    private static ConfiguredStore memory() {
        return DevToolsStore.find()
                .map(kept -> new ConfiguredStore(kept, () -> {}))
                .orElseGet(() -> closeWithStore(new MemoryStore()));
    }

    private static ConfiguredStore closeWithStore(SessionStore store) {
        return new ConfiguredStore(store, store);
    }

    private static StoreKind kind(SojournProperties properties, @Nullable DataSource database) {
        boolean redis = properties.redis().uri() != null;
        boolean sqlite = properties.sqlite().file() != null;
        if (redis && sqlite) {
            throw new UnusableConfigurationException(
                    "both sojourn.redis.uri and sojourn.sqlite.file are set:"
                            + " choose one with sojourn.store=redis or sojourn.store=sqlite",
                    "Set sojourn.store to redis or sqlite.");
        }
        if (redis) {
            return StoreKind.REDIS;
        }
        if (sqlite) {
            return StoreKind.SQLITE;
        }
        return JDBC && database != null ? StoreKind.JDBC : StoreKind.MEMORY;
    }

    private static ConfiguredStore redis(SojournProperties.Redis properties) {
        String uri = require(properties.uri(), "sojourn.redis.uri, for example redis://localhost");
        requireOnClassPath(REDIS, "sojourn-redis");
        RedisStore.Builder builder = RedisStore.builder().uri(uri);
        if (properties.keyPrefix() != null) {
            builder.keyPrefix(properties.keyPrefix());
        }
        try {
            return closeWithStore(builder.build());
        } catch (RuntimeException e) {
            throw new UnusableConfigurationException(
                    "Redis cannot be used: " + e.getMessage(),
                    "Check sojourn.redis.uri, that the server is running, and its user and password.",
                    e);
        }
    }

    private static ConfiguredStore jdbc(SojournProperties.Jdbc properties, @Nullable DataSource database) {
        requireOnClassPath(JDBC, "sojourn-jdbc");
        DataSource source = require(database, "exactly one DataSource bean, for example by spring.datasource.url");
        open(source);
        JdbcStore.Builder builder = JdbcStore.builder(source);
        if (properties.createTableIfMissing()) {
            builder.createTableIfMissing();
        }
        if (properties.table() != null) {
            builder.table(properties.table());
        }
        try {
            return closeWithStore(builder.build());
        } catch (IllegalStateException e) {
            throw new UnusableConfigurationException(
                    e.getMessage()
                            + (properties.createTableIfMissing()
                                    ? ""
                                    : ", which sojourn.jdbc.create-table-if-missing=true does"),
                    "Set sojourn.jdbc.create-table-if-missing=true, or create the table that sojourn.jdbc.table names.",
                    e);
        }
    }

    /** Opens the pool. Its first connection may take longer than a store waits for a call. */
    private static void open(DataSource pool) {
        try {
            pool.getConnection().close();
        } catch (SQLException e) {
            throw new UnusableConfigurationException(
                    "the DataSource bean cannot connect to the database: " + e.getMessage(),
                    "Check spring.datasource.url, its user and password, and that the database is running. To keep sessions"
                            + " elsewhere, set sojourn.store.",
                    e);
        }
    }

    private static ConfiguredStore sqlite(SojournProperties.Sqlite properties) {
        requireOnClassPath(JDBC, "sojourn-jdbc");
        Path path = require(properties.file(), "sojourn.sqlite.file, for example data/sessions.db");
        try {
            return SqliteFile.open(path);
        } catch (RuntimeException | LinkageError e) {
            throw new UnusableConfigurationException(
                    "the file of sojourn.sqlite.file cannot be used: " + e.getMessage(),
                    "Check that its directory is writable, and that org.xerial:sqlite-jdbc and com.zaxxer:HikariCP are"
                            + " among the dependencies.",
                    e);
        }
    }

    /** A separate class, because Spring inspects the methods of its beans' classes, and sojourn-jdbc may be absent. */
    private static final class SqliteFile {
        static ConfiguredStore open(Path path) {
            SqliteDataSource file = SqliteDataSource.open(path);
            JdbcStore store = JdbcStore.builder(file).createTableIfMissing().build();
            return new ConfiguredStore(store, () -> {
                try (file) {
                    store.close();
                }
            });
        }
    }

    private static <T> T require(@Nullable T value, String what) {
        if (value == null) {
            throw new UnusableConfigurationException(
                    "the store that sojourn.store names needs " + what, "Set " + what + ", or another sojourn.store.");
        }
        return value;
    }

    private static void requireOnClassPath(boolean present, String module) {
        if (!present) {
            throw new UnusableConfigurationException(
                    "the configured store needs the dependency dev.sojourn:" + module,
                    "Add dev.sojourn:" + module + " to the dependencies, or set another sojourn.store.");
        }
    }

    SessionStore store() {
        return store;
    }

    @Override
    public void close() {
        try {
            resource.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the resources of the session store could not be closed", e);
        }
    }
}
