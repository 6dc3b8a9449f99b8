package dev.sojourn.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The connections of a store: one to a single Redis, or one to each master of a Cluster. */
interface Connections extends AutoCloseable {
    /** Sends a command to the server that owns its first key, without waiting. */
    void send(RedisCommand<byte[], byte[], Reply> command);

    /**
     * Returns the connection to the server that owns a key. It may still be opening.
     *
     * @param key the key
     * @return the future connection
     */
    CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connectionFor(byte[] key);

    /**
     * Returns the connection to the node that a redirect names.
     *
     * @param redirect the redirect
     * @return the future connection; empty if this is not a Cluster
     */
    Optional<CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> connectionFor(ClusterRedirect redirect);

    /** Looks up the masters again, without waiting: a server did not respond, and another one may be the master now. */
    void refreshTopology();

    /** Returns how long to wait for a connection that is opening before a command fails; zero to not wait. */
    Duration openTimeout();

    @Override
    void close();
}
