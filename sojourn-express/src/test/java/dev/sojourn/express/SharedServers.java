package dev.sojourn.express;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.servers.RedisCluster;
import dev.sojourn.servers.RedisSentinels;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.tools.SharedServer;
import javax.sql.DataSource;

/**
 * The servers that the test classes share, which run one after another. Each server starts on first use and stops after the
 * last test.
 */
public final class SharedServers extends SharedServer.UntilLastTest {
    private static final SharedServer<RedisServer> REDIS_7 = new SharedServer<>(RedisServer::start7);
    private static final SharedServer<RedisServer> REDIS_62 = new SharedServer<>(RedisServer::start62);
    private static final SharedServer<RedisSentinels> SENTINELS = new SharedServer<>(RedisSentinels::startSteady);
    private static final SharedServer<RedisCluster> CLUSTER = new SharedServer<>(RedisCluster::start);
    private static final SharedServer<PostgresServer> POSTGRES_14 = new SharedServer<>(PostgresServer::start14);
    private static final SharedServer<PostgresServer> POSTGRES_18 = new SharedServer<>(PostgresServer::start18);
    private static final SharedServer<HikariDataSource> POOL_14 = new SharedServer<>(() -> pool(POSTGRES_14.get()));
    private static final SharedServer<HikariDataSource> POOL_18 = new SharedServer<>(() -> pool(POSTGRES_18.get()));

    public static RedisServer redis7() {
        return REDIS_7.get();
    }

    static RedisServer redis62() {
        return REDIS_62.get();
    }

    static RedisSentinels sentinels() {
        return SENTINELS.get();
    }

    static RedisCluster cluster() {
        return CLUSTER.get();
    }

    public static PostgresServer postgres18() {
        return POSTGRES_18.get();
    }

    static DataSource pool14() {
        return POOL_14.get();
    }

    public static DataSource pool18() {
        return POOL_18.get();
    }

    private static HikariDataSource pool(PostgresServer server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.jdbcUrl());
        config.setUsername(server.user());
        config.setPassword(server.password());
        config.setMaximumPoolSize(16);
        return new HikariDataSource(config);
    }
}
