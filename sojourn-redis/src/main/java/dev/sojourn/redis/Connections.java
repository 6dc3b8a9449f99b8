package dev.sojourn.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The way to the servers: one connection to a Redis, or one to each master of a Cluster. */
interface Connections extends AutoCloseable {
    /** Sends a command to the server that is in charge of its first key, without waiting. */
    void send(RedisCommand<byte[], byte[], Reply> command);

    /**
     * The connection to the server in charge of a key, which may still be opening.
     *
     * @param key the key
     * @return the connection to come
     */
    CompletableFuture<StatefulRedisConnection<byte[], byte[]>> to(byte[] key);

    /**
     * The connection to the node that another one has named.
     *
     * @param redirection what it said
     * @return the connection to come; empty if this is no Cluster
     */
    Optional<CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> to(ClusterRedirect redirection);

    /** Told when a server is silent: whoever is in charge now may be somebody else. */
    void doubt();

    /** How long to wait for a connection that is opening before a command is given up; zero for not at all. */
    Duration patience();

    @Override
    void close();
}
