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
 * Sessions in Redis 6.2 or newer, or in Valkey: standalone, behind Sentinel, or a Cluster.
 *
 * <pre>{@code
 * SessionStore store = RedisStore.connect("redis://localhost");
 * Sessions sessions = Sessions.create(c -> c.secret(secret).store(store));
 * }</pre>
 *
 * <p>One key a session, with an expiry always; every change is one atomic step and one trip. All calls share one connection
 * (one to each master of a Cluster), which is opened when the store is made and opens again by itself after a failure. Reads
 * go to masters only.
 *
 * <p>Thread-safe. Every call blocks, at most for the configured timeout; an outage is told at once, not at the deadline. A
 * command is written to a socket at most once: {@link StoreException#notDone()} means that it was not, or that Redis refused
 * it, {@link StoreException#unknown()} that its answer was lost.
 *
 * <p>Replication of Redis is asynchronous: what a master acknowledged can be lost in a failover.
 */
public final class RedisStore implements SessionStore {
    private final CommandExecutor wire;
    private final Records records;
    private final @Nullable UserIndex subjects;
    private final @Nullable ExpirySweep sweep;
    private final InstantSource time;

    private RedisStore(Builder builder) {
        KeyLayout layout = new KeyLayout(builder.keyPrefix);
        this.wire = new CommandExecutor(builder.line(), builder.timeout);
        ReplicaWait replicas = new ReplicaWait(wire, builder.confirmation());
        this.time = new RedisClock(wire, layout);
        this.subjects = builder.bare ? null : new RedisUserIndex(wire, replicas, layout, builder.clock);
        if (builder.bare) {
            this.records = new PayloadRecords(wire, replicas, layout);
            this.sweep = null;
        } else if (builder.sweeps) {
            DueTimeCache times = new DueTimeCache();
            DueRecords due = new DueRecords(wire, replicas, layout, times, builder.clock);
            this.records = due;
            this.sweep = new RedisSweep(wire, layout, due, times);
        } else {
            this.records = new PlainRecords(wire, replicas, layout, builder.clock);
            this.sweep = null;
        }
    }

    /**
     * Connects to a Redis, with every option at its default. Blocks until there is a connection. The store opens its own client, and
     * closes it.
     *
     * @param uri where it is, see {@link Builder#uri}
     * @return the store
     * @throws IllegalArgumentException if the URI cannot be read
     * @throws StoreException if there is no connection
     */
    public static RedisStore connect(String uri) {
        return builder().uri(uri).build();
    }

    /**
     * A store with other options.
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
        return records.replace(key, expected, replacement);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return records.touch(key, expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return records.delete(key, expected);
    }

    /** Empty for {@link Builder#bareRecords} only. */
    @Override
    public Optional<UserIndex> userIndex() {
        return Optional.ofNullable(subjects);
    }

    /** Empty unless it was asked for: Redis forgets expired records by itself. */
    @Override
    public Optional<ExpirySweep> expirySweep() {
        return Optional.ofNullable(sweep);
    }

    /** The clock of Redis; each look is one command. */
    @Override
    public Optional<InstantSource> storeClock() {
        return Optional.of(time);
    }

    /** Closes the store's connections, and its client if it opened one. */
    @Override
    public void close() {
        wire.close();
    }

    /** The options of a store. Not thread-safe. */
    public static final class Builder {
        private @Nullable String uri;
        private @Nullable RedisClient client;
        private @Nullable RedisClusterClient clusterClient;
        private Duration timeout = Duration.ofSeconds(2);
        private String keyPrefix = "sojourn:";
        private Clock clock = Clock.systemUTC();
        private boolean sweeps;
        private boolean bare;
        private ReplicaWait.Confirmation confirmation = ReplicaWait.Confirmation.NONE;

        private Builder() {}

        /**
         * Where Redis is; the store opens a client of its own for it.
         *
         * <ul>
         *   <li>{@code redis://host:6379}, with TLS {@code rediss://host:6379}; a database as {@code /1} at the end
         *   <li>{@code redis-sentinel://host1:26379,host2:26379#master}; with TLS {@code rediss-sentinel://}
         *   <li>{@code redis-cluster://host1:7000,host2:7001}, with TLS {@code rediss-cluster://}: some of the nodes
         *   <li>{@code redis://user:password@host}, in each of these: a user of the servers that hold the data
         * </ul>
         *
         * @param uri the URI; kept out of logs and messages, as it may hold a password
         * @return this
         */
        public Builder uri(String uri) {
            this.uri = Objects.requireNonNull(uri, "uri");
            return this;
        }

        /**
         * The application's own client, in place of a URI: the store opens one connection of it and never shuts it down. The client
         * decides how a connection behaves. With {@code DisconnectedBehavior.REJECT_COMMANDS} an outage is told at once; with Lettuce's
         * default, calls wait for their timeout.
         *
         * @param client a client that was made with a URI
         * @return this
         */
        public Builder client(RedisClient client) {
            this.client = Objects.requireNonNull(client, "client");
            return this;
        }

        /**
         * The application's own client of a Cluster, in place of a URI: the store opens one connection of it and never shuts it
         * down.
         *
         * @param client a client; to follow a failover it needs its topology refresh switched on
         * @return this
         */
        public Builder client(RedisClusterClient client) {
            this.clusterClient = Objects.requireNonNull(client, "client");
            return this;
        }

        /**
         * How long a call may take. Default 2 s.
         *
         * @param timeout more than zero
         * @return this
         */
        public Builder timeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("timeout is more than zero, not " + timeout);
            }
            this.timeout = timeout;
            return this;
        }

        /**
         * How the names of all keys begin. Default {@code sojourn:}. Another prefix does not find the sessions of this one.
         *
         * @param keyPrefix any text without braces; may be empty
         * @return this
         */
        public Builder keyPrefix(String keyPrefix) {
            this.keyPrefix = Objects.requireNonNull(keyPrefix, "keyPrefix");
            return this;
        }

        /**
         * What time it is on this node. Default: the system's clock. Redis is told how long to keep a record or an entry of the
         * index, from now on by its own clock, so that a node whose clock is wrong loses nothing and strands nothing.
         *
         * @param clock the clock that the sessions have
         * @return this
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Lets a listener hear of sessions that expired. Default off: Redis forgets them by itself, unheard. When on, each session
         * takes about 85 bytes more, each change is followed by one to three more commands inside of its script, and an expired session
         * waits for a sweep for up to 24 hours. On for all nodes or for none.
         *
         * @return this
         */
        public Builder expirySweep() {
            this.sweeps = true;
            return this;
        }

        /**
         * Keeps records as another library does, for a record format of that library: the value is the payload and nothing
         * else, the key is {@link #keyPrefix} and the store key's own text, and Redis forgets the record at its expiry and no
         * later. The version is the first eight bytes, big-endian, of the SHA-1 of the value, so the format derives its
         * versions in the same way. There is no index of users then, no {@link #expirySweep} and no {@link #waitForReplicas}.
         *
         * @return this
         */
        public Builder bareRecords() {
            this.bare = true;
            return this;
        }

        /**
         * Lets each change wait until replicas have it ({@code WAIT}, in the trip of the change). Default off. The shared
         * connection stands still until then. It narrows what a failover can lose without closing it. Too few replicas in time,
         * or a connection that breaks meanwhile, are a {@link StoreException#unknown()}: the master had the change.
         *
         * @param replicas how many, at least 1
         * @param atMost how long they are waited for, from a millisecond to less than the timeout
         * @return this
         */
        public Builder waitForReplicas(int replicas, Duration atMost) {
            if (replicas < 1 || atMost.toMillis() < 1) {
                throw new IllegalArgumentException("waitForReplicas takes at least 1 replica and 1 ms");
            }
            this.confirmation = new ReplicaWait.Confirmation(replicas, atMost);
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

        private ReplicaWait.Confirmation confirmation() {
            if (confirmation.atMost().compareTo(timeout) >= 0) {
                throw new IllegalArgumentException("waitForReplicas waits less long than the timeout of " + timeout);
            }
            if (bare && (sweeps || confirmation.replicas() > 0)) {
                throw new IllegalArgumentException("bareRecords() has neither expirySweep() nor waitForReplicas(...)");
            }
            return confirmation;
        }

        private Connections line() {
            confirmation();
            int ways = (uri == null ? 0 : 1) + (client == null ? 0 : 1) + (clusterClient == null ? 0 : 1);
            if (ways != 1) {
                throw new IllegalArgumentException("a RedisStore needs one of uri(...) and client(...), not " + ways);
            }
            if (client != null) {
                return RedisConnector.of(client, ClientCloser.NOTHING);
            }
            if (clusterClient != null) {
                return RedisConnector.of(clusterClient, ClientCloser.NOTHING);
            }
            return RedisConnector.of(Objects.requireNonNull(uri), timeout);
        }
    }
}
