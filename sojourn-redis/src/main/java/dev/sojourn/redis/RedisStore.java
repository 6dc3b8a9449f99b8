package dev.sojourn.redis;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps sessions in Redis 6.2 or newer, or in Valkey: standalone, with Sentinel, or a Cluster.
 *
 * <pre>{@code
 * SessionStore store = RedisStore.connect("redis://localhost");
 * Sessions sessions = Sessions.create(c -> c.secret(secret).store(store));
 * }</pre>
 *
 * <p>Each session is one key, always with an expiry. Every change is one atomic step and one round trip. All calls share one
 * connection (one to each master of a Cluster). It is opened when the store is created and reconnects automatically after a
 * failure. Reads go to masters only.
 *
 * <p>Thread-safe. Every call blocks, for at most the configured timeout. An outage is reported at once, not at the deadline. A
 * command is written to a socket at most once: {@link StoreException#isNotDone()} means that it was not written, or that Redis
 * refused it; {@link StoreException#isUnknown()} means that its reply was lost.
 *
 * <p>Redis replicates asynchronously: a failover can lose what a master has acknowledged.
 */
public final class RedisStore implements SessionStore {
    private final CommandExecutor executor;
    private final Records records;
    private final @Nullable UserIndex userIndex;
    private final @Nullable ExpirySweep sweep;
    private final InstantSource clock;

    private RedisStore(Builder builder) {
        KeyLayout layout = new KeyLayout(builder.keyPrefix);
        this.executor = new CommandExecutor(builder.connections(), builder.timeout);
        ReplicaWait replicas = new ReplicaWait(executor, builder.requiredReplicas());
        this.clock = new RedisClock(executor, layout);
        this.userIndex = builder.bare ? null : new RedisUserIndex(executor, replicas, layout, builder.clock);
        if (builder.bare) {
            this.records = new BareRecords(executor, replicas, layout);
            this.sweep = null;
        } else if (builder.hasSweep) {
            DueTimeCache dueTimes = new DueTimeCache();
            DueRecords due = new DueRecords(executor, replicas, layout, dueTimes, builder.clock);
            this.records = due;
            this.sweep = new RedisSweep(executor, layout, due, dueTimes);
        } else {
            this.records = new PlainRecords(executor, replicas, layout, builder.clock);
            this.sweep = null;
        }
    }

    /**
     * Connects to Redis with the default options. Blocks until there is a connection. The store opens its own client and closes
     * it.
     *
     * @param uri the address, see {@link Builder#uri}
     * @return the store
     * @throws IllegalArgumentException if the URI cannot be read
     * @throws StoreException if there is no connection
     */
    public static RedisStore connect(String uri) {
        return builder().uri(uri).build();
    }

    /**
     * Returns a builder for a store with other options.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return records.load(key);
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return records.create(key, session);
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return records.compareAndSet(key, expected, replacement);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return records.touch(key, expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return records.delete(key, expected);
    }

    /** Returns the user index; empty only with {@link Builder#bareRecords}. */
    @Override
    public Optional<UserIndex> userIndex() {
        return Optional.ofNullable(userIndex);
    }

    /** Returns the sweep; empty without {@link Builder#expirySweep}: Redis then removes expired records itself. */
    @Override
    public Optional<ExpirySweep> expirySweep() {
        return Optional.ofNullable(sweep);
    }

    /** Returns the clock of Redis. Each reading is one command. */
    @Override
    public Optional<InstantSource> storeClock() {
        return Optional.of(clock);
    }

    /** Closes the store's connections, and its client if the store opened it. */
    @Override
    public void close() {
        executor.close();
    }

    /** Builds a {@link RedisStore}. Not thread-safe. */
    public static final class Builder {
        private @Nullable String uri;
        private @Nullable RedisClient client;
        private @Nullable RedisClusterClient clusterClient;
        private Duration timeout = Duration.ofSeconds(2);
        private String keyPrefix = "sojourn:";
        private Clock clock = Clock.systemUTC();
        private boolean hasSweep;
        private boolean bare;
        private ReplicaWait.Requirement requiredReplicas = ReplicaWait.Requirement.NONE;

        private Builder() {}

        /**
         * Sets the address of Redis. The store opens its own client for it.
         *
         * <ul>
         *   <li>{@code redis://host:6379}, with TLS {@code rediss://host:6379}; append a database as {@code /1}
         *   <li>{@code redis-sentinel://host1:26379,host2:26379#master}; with TLS {@code rediss-sentinel://}
         *   <li>{@code redis-cluster://host1:7000,host2:7001}, with TLS {@code rediss-cluster://}: some of the nodes
         *   <li>{@code redis://user:password@host}, in each of these: a user of the servers that have the data
         * </ul>
         *
         * @param uri the URI; never logged and never part of a message, because it may contain a password
         * @return this
         */
        public Builder uri(String uri) {
            this.uri = Objects.requireNonNull(uri, "uri");
            return this;
        }

        /**
         * Sets the application's own client, instead of a URI. The store opens one connection with it and never shuts it down. The
         * client decides how a connection behaves. With {@code DisconnectedBehavior.REJECT_COMMANDS} an outage is reported at once;
         * with Lettuce's default, calls wait for their timeout.
         *
         * @param client a client that was created with a URI
         * @return this
         */
        public Builder client(RedisClient client) {
            this.client = Objects.requireNonNull(client, "client");
            return this;
        }

        /**
         * Sets the application's own client of a Cluster, instead of a URI. The store opens one connection with it and never shuts
         * it down.
         *
         * @param client a client; it needs topology refresh to follow a failover
         * @return this
         */
        public Builder client(RedisClusterClient client) {
            this.clusterClient = Objects.requireNonNull(client, "client");
            return this;
        }

        /**
         * Sets how long a call may take. Default: 2 seconds.
         *
         * @param timeout more than zero
         * @return this
         * @throws IllegalArgumentException if it is zero or less
         */
        public Builder timeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("timeout is more than zero, not " + timeout);
            }
            this.timeout = timeout;
            return this;
        }

        /**
         * Sets the prefix of all keys. Default: {@code sojourn:}. A store with another prefix does not find the same sessions.
         *
         * @param keyPrefix any text without braces; may be empty
         * @return this
         */
        public Builder keyPrefix(String keyPrefix) {
            this.keyPrefix = Objects.requireNonNull(keyPrefix, "keyPrefix");
            return this;
        }

        /**
         * Sets this node's clock. Default: the system's clock. It determines how long Redis keeps a record or a user-index entry, from
         * now on. Redis measures that duration by its own clock, so a node whose clock is wrong loses and strands no session.
         *
         * @param clock the clock that {@code Sessions} uses
         * @return this
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Reports expired sessions to the listener. Default: off, and Redis removes them without an event. When on, each session
         * takes about 85 bytes more, each change runs one to three more commands inside its script, and an expired session waits for
         * a sweep for up to 24 hours. Use it on all nodes or on none.
         *
         * @return this
         */
        public Builder expirySweep() {
            this.hasSweep = true;
            return this;
        }

        /**
         * Stores records as another library does, for a record format of that library: the value is the payload alone, the key is
         * {@link #keyPrefix} plus the store key's text, and Redis removes the record at its expiry, without a grace period. The
         * version is the first eight bytes, big-endian, of the SHA-1 of the value; the record format must derive its versions in the
         * same way. A store of bare records has no user index, no {@link #expirySweep} and no {@link #waitForReplicas}.
         *
         * @return this
         */
        public Builder bareRecords() {
            this.bare = true;
            return this;
        }

        /**
         * Makes each change wait until replicas have it ({@code WAIT}, in the round trip of the change). Default: off. The shared
         * connection is blocked until then. This reduces what a failover can lose, but does not exclude it. If too few replicas
         * confirm in time, or the connection breaks in the meantime, the call throws a {@link StoreException} whose outcome is
         * {@linkplain StoreException#isUnknown() unknown}: the master had the change.
         *
         * @param replicas how many, at least 1
         * @param atMost how long to wait for them, from 1 millisecond to less than the timeout
         * @return this
         * @throws IllegalArgumentException if one is less than that
         */
        public Builder waitForReplicas(int replicas, Duration atMost) {
            if (replicas < 1 || atMost.toMillis() < 1) {
                throw new IllegalArgumentException("waitForReplicas needs at least 1 replica and 1 ms");
            }
            this.requiredReplicas = new ReplicaWait.Requirement(replicas, atMost);
            return this;
        }

        /**
         * Connects. Blocks until there is a connection.
         *
         * @return the store
         * @throws IllegalArgumentException if the options do not fit together or the URI cannot be read
         * @throws StoreException if there is no connection
         */
        public RedisStore build() {
            return new RedisStore(this);
        }

        private ReplicaWait.Requirement requiredReplicas() {
            if (requiredReplicas.atMost().compareTo(timeout) >= 0) {
                throw new IllegalArgumentException(
                        "waitForReplicas(n, atMost): atMost is less than the timeout of " + timeout);
            }
            if (bare && (hasSweep || requiredReplicas.replicas() > 0)) {
                throw new IllegalArgumentException("bareRecords() has neither expirySweep() nor waitForReplicas(...)");
            }
            return requiredReplicas;
        }

        private Connections connections() {
            requiredReplicas();
            int addresses = (uri == null ? 0 : 1) + (client == null ? 0 : 1) + (clusterClient == null ? 0 : 1);
            if (addresses != 1) {
                throw new IllegalArgumentException(
                        "a RedisStore needs one of uri(...) and client(...), not " + addresses);
            }
            if (client != null) {
                return RedisConnector.connect(client, ClientCloser.NOTHING);
            }
            if (clusterClient != null) {
                return RedisConnector.connect(clusterClient, ClientCloser.NOTHING);
            }
            return RedisConnector.connect(Objects.requireNonNull(uri), timeout);
        }
    }
}
