package dev.sojourn.express;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.servers.RedisCluster;
import dev.sojourn.servers.RedisSentinels;
import dev.sojourn.servers.RedisServer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The servers that the test classes share, which run one after another. Each server starts on first use and stops after the
 * last test.
 */
public final class SharedServers implements BeforeAllCallback {
    private static final Deque<AutoCloseable> RUNNING = new ArrayDeque<>();
    private static @Nullable RedisServer redis7;
    private static @Nullable RedisServer redis62;
    private static @Nullable RedisSentinels sentinels;
    private static @Nullable RedisCluster cluster;
    private static @Nullable PostgresServer postgres14;
    private static @Nullable PostgresServer postgres18;
    private static @Nullable HikariDataSource pool14;
    private static @Nullable HikariDataSource pool18;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent(SharedServers.class, key ->
                (AutoCloseable) SharedServers::stopAll);
    }

    private static synchronized void stopAll() throws Exception {
        while (!RUNNING.isEmpty()) {
            RUNNING.pop().close();
        }
    }

    public static synchronized RedisServer redis7() {
        redis7 = startOnce(redis7, RedisServer::start7);
        return redis7;
    }

    static synchronized RedisServer redis62() {
        redis62 = startOnce(redis62, RedisServer::start62);
        return redis62;
    }

    static synchronized RedisSentinels sentinels() {
        sentinels = startOnce(sentinels, RedisSentinels::startSteady);
        return sentinels;
    }

    static synchronized RedisCluster cluster() {
        cluster = startOnce(cluster, RedisCluster::start);
        return cluster;
    }

    public static synchronized PostgresServer postgres18() {
        postgres18 = startOnce(postgres18, PostgresServer::start18);
        return postgres18;
    }

    static synchronized DataSource pool14() {
        postgres14 = startOnce(postgres14, PostgresServer::start14);
        PostgresServer server = postgres14;
        pool14 = startOnce(pool14, () -> pool(server));
        return pool14;
    }

    public static synchronized DataSource pool18() {
        PostgresServer server = postgres18();
        pool18 = startOnce(pool18, () -> pool(server));
        return pool18;
    }

    private static HikariDataSource pool(PostgresServer server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.jdbcUrl());
        config.setUsername(server.user());
        config.setPassword(server.password());
        config.setMaximumPoolSize(16);
        return new HikariDataSource(config);
    }

    private static <T extends AutoCloseable> T startOnce(@Nullable T running, Supplier<T> start) {
        if (running != null) {
            return running;
        }
        T started = start.get();
        RUNNING.push(started);
        return started;
    }
}
