package dev.sojourn.proof.interleavings;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import dev.sojourn.UserSessions;
import dev.sojourn.engine.Engine;
import dev.sojourn.engine.EngineSettings;
import dev.sojourn.engine.RetryPacer;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressMove;
import dev.sojourn.express.ExpressOptions;
import dev.sojourn.move.MovingStore;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes of the real engine over one store, or over two stores between which sessions move, with methods that inspect
 * them from outside.
 */
final class Cluster {
    private static final int NODES = 3;
    private static final String FIRST_IDS = "the-id-of-the-first-node-number-";
    private static final Pattern SUCCESSOR = Pattern.compile("\"successor\":\"([^\"]+)\"");
    /** The simulated time of one wait for a lease: a waiter tries twice, then gives up. */
    private static final long ONE_WAIT_NANOS = TimeUnit.SECONDS.toNanos(6);
    /**
     * Never pauses, because the scheduler decides the order. The time of each request advances only while it waits for a lease.
     */
    private static final RetryPacer WITHOUT_WAITING = new RetryPacer() {
        @Override
        public long nanoTime() {
            Actor actor = Actor.current();
            return actor == null ? 0 : actor.waitedNanos();
        }

        @Override
        public void pause(int conflicts) {}

        @Override
        public void pause(int tries, Duration shortest, Duration longest) {
            Actor actor = Actor.current();
            if (actor == null) {
                throw new IllegalStateException("a request waits for a lease that no actor can release");
            }
            actor.waitFor(ONE_WAIT_NANOS);
        }
    };

    private final Versions versions = new Versions();
    /** The only store, or the old one of two. */
    private final GatedStore store = new GatedStore("", versions);

    private final GatedStore next = new GatedStore("next ", versions);
    /** The store of each node. */
    private final List<SessionStore> stores = new ArrayList<>();

    private final List<SettableClock> clocks = new ArrayList<>();
    private final List<Engine> nodes = new ArrayList<>();
    /** Counters for ids, so that equal decisions create equal ids. */
    private final List<AtomicInteger> idsOfNodes = new ArrayList<>();

    /** The node that creates every session: it uses only one store. */
    private final Engine first;

    private final Instant start;

    private final Migration migration;

    /** How a node uses the stores. */
    enum NodeStores {
        ONE,
        BOTH,
        MOVING
    }

    /** The record formats of the two stores. */
    enum Migration {
        /** Both stores contain Sojourn's records, under the same keys. */
        SAME_FORMAT,
        /** The old store contains Express's records, the new one Sojourn's. */
        FROM_EXPRESS,
        /** The old store contains Sojourn's records, the new one Express's. */
        TO_EXPRESS
    }

    Cluster() {
        this(NodeStores.ONE, NodeStores.ONE, NodeStores.ONE);
    }

    Cluster(NodeStores... nodeStores) {
        this(Migration.SAME_FORMAT, nodeStores);
    }

    /** Creates three nodes over one store with further options. */
    Cluster(Consumer<EngineSettings.Builder> options) {
        this(Migration.SAME_FORMAT, options, NodeStores.ONE, NodeStores.ONE, NodeStores.ONE);
    }

    Cluster(Migration migration, NodeStores... nodeStores) {
        this(migration, any -> {}, nodeStores);
    }

    private Cluster(Migration migration, Consumer<EngineSettings.Builder> options, NodeStores... nodeStores) {
        this.migration = migration;
        for (int i = 0; i < NODES; i++) {
            EngineSettings.Builder settings = new EngineSettings.Builder();
            SettableClock clock = new SettableClock();
            clocks.add(clock);
            settings.clock = clock;
            SessionStore nodeStore = storeOf(nodeStores[i], clock);
            stores.add(nodeStore);
            settings.store = nodeStore;
            if (migration != Migration.SAME_FORMAT) {
                settings.recordFormat = expressRecords(clock);
            }
            AtomicInteger ids = new AtomicInteger();
            idsOfNodes.add(ids);
            String prefix = "the-id-of-node-" + i + "-number-";
            settings.generator = () -> prefix + ids.incrementAndGet();
            options.accept(settings);
            nodes.add(Engine.of(settings.build(List.of("vG1kJ8s0Qd7yRz3mXw5nTb2cLp9fHa6e")), WITHOUT_WAITING));
        }
        first = nodeStores[0] == NodeStores.ONE ? nodes.get(0) : createFirstNode();
        start = clocks.get(0).instant();
        clocks.forEach(clock -> clock.set(start));
    }

    private SessionStore storeOf(NodeStores node, Clock clock) {
        return switch (migration) {
            case SAME_FORMAT ->
                switch (node) {
                    case ONE -> store;
                    case BOTH -> MovingStore.from(store).preparingFor(next);
                    case MOVING -> MovingStore.from(store).to(next);
                };
            case FROM_EXPRESS -> {
                ExpressMove move = Express.move(store, next, options(clock));
                yield switch (node) {
                    case ONE -> store;
                    case BOTH -> move.prepare().store();
                    case MOVING -> move.move().store();
                };
            }
            case TO_EXPRESS -> {
                ExpressMove move = Express.move(next, store, options(clock));
                yield switch (node) {
                    case ONE -> throw new IllegalArgumentException("a node with only the old store uses other records");
                    case BOTH -> move.prepareReturn().store();
                    case MOVING -> move.moveBack().store();
                };
            }
        };
    }

    private RecordFormat expressRecords(Clock clock) {
        return Express.recordFormat(migration == Migration.FROM_EXPRESS ? store : next, options(clock));
    }

    private static Consumer<ExpressOptions> options(Clock clock) {
        return e -> e.ttl(Duration.ofMinutes(30))
                .secret("vG1kJ8s0Qd7yRz3mXw5nTb2cLp9fHa6e")
                .clock(clock);
    }

    private Engine createFirstNode() {
        EngineSettings.Builder settings = new EngineSettings.Builder();
        settings.clock = clocks.get(0);
        settings.store = store;
        if (migration == Migration.FROM_EXPRESS) {
            settings.recordFormat = expressRecords(clocks.get(0));
        }
        AtomicInteger ids = new AtomicInteger();
        idsOfNodes.add(ids);
        settings.generator = () -> FIRST_IDS + ids.incrementAndGet();
        return Engine.of(settings.build(List.of("vG1kJ8s0Qd7yRz3mXw5nTb2cLp9fHa6e")), WITHOUT_WAITING);
    }

    /** Empties the stores and sets the clocks back. */
    void reset() {
        store.reset();
        next.reset();
        clocks.forEach(clock -> clock.set(start));
        idsOfNodes.forEach(ids -> ids.set(0));
    }

    /** Describes everything stored. The clocks stand still while requests run. */
    String state() {
        return store.state() + next.state();
    }

    SettableClock clock(int node) {
        return clocks.get(node);
    }

    /** Runs the request that creates the session. */
    Response createSession(Consumer<Session> handler) {
        return request("beginning", first, null, handler);
    }

    /** Runs one request on one node. */
    Response request(String name, int node, @Nullable String cookie, Consumer<Session> handler) {
        return request(name, nodes.get(node), cookie, handler);
    }

    private static Response request(String name, Engine node, @Nullable String cookie, Consumer<Session> handler) {
        TestExchange exchange = cookie == null ? new TestExchange("/") : new TestExchange("/", "Cookie: " + cookie);
        SessionScope scope = node.open(exchange);
        int status = 200;
        try {
            handler.accept(scope.session());
        } catch (SessionException e) {
            status = e.status();
        }
        try {
            scope.commit();
        } catch (SessionException e) {
            status = e.status();
            scope.setTokenHeaders();
        }
        Response response = new Response(name, status, exchange.responseHeaders("Set-Cookie"));
        scope.close();
        return response;
    }

    /** Runs an operation on a user's sessions outside of any request. */
    Response runUserOperation(String name, int node, Consumer<UserSessions> work, String subject) {
        int status = 200;
        try {
            work.accept(nodes.get(node).of(subject));
        } catch (SessionException e) {
            status = e.status();
        }
        return new Response(name, status, List.of());
    }

    /** Returns the sessions of a user, as a node sees them. */
    UserSessions sessionsOf(String subject, int node) {
        return nodes.get(node).of(subject);
    }

    /** Returns the public id of a key, as the record format specifies. */
    static String publicId(StoreKey key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(("sojourn handle " + key.text()).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    GatedIndex index() {
        return store.index();
    }

    /** Returns the live records of a user, including those whose id no client has. */
    List<StoreKey> liveRecordsOf(String subject) {
        return Stream.concat(store.createdKeys().stream(), next.createdKeys().stream())
                .distinct()
                .filter(key -> {
                    StoredSession stored = peek(key);
                    return stored != null
                            && subject.equals(stored.subject())
                            && !SUCCESSOR
                                    .matcher(new String(stored.payload(), StandardCharsets.UTF_8))
                                    .find();
                })
                .toList();
    }

    /** Returns the absolute deadline of a record, as the record format specifies, with the default of 12 hours. */
    Instant absoluteEnd(StoreKey key) {
        StoredSession stored = peek(key);
        String text = stored == null ? "" : new String(stored.payload(), StandardCharsets.UTF_8);
        return Instant.ofEpochMilli(number(text, "created").orElseThrow())
                .plusMillis(number(text, "absoluteTimeout")
                        .orElse(Duration.ofHours(12).toMillis()));
    }

    private static Optional<Long> number(String text, String member) {
        Matcher found = Pattern.compile("\"" + member + "\":([0-9]+)").matcher(text);
        return found.find() ? Optional.of(Long.valueOf(found.group(1))) : Optional.empty();
    }

    /** Returns what a request with this cookie reads. */
    <T> Optional<T> read(@Nullable String cookie, Function<Session, @Nullable T> query) {
        List<T> results = new ArrayList<>();
        request("read", 0, cookie, session -> {
            T value = query.apply(session);
            if (value != null) {
                results.add(value);
            }
        });
        return results.stream().findFirst();
    }

    /** Returns the record of a key as the first node sees it, without scheduling. */
    private @Nullable StoredSession peek(StoreKey key) {
        return stores.get(0).load(key).orElse(null);
    }

    /** Returns whether the new store has a session under a key that no longer depends on the old store. */
    boolean isCompleteInNewStore(StoreKey key) {
        StoredSession stored = next.peek(
                migration == Migration.FROM_EXPRESS ? Sessions.recordFormat().keyOf(key.text()) : key);
        return stored != null
                && stored.payload()[0] == '{'
                && !new String(stored.payload(), StandardCharsets.UTF_8).contains("\"moving\"");
    }

    /** Returns the first session's key, as every node names it. */
    StoreKey firstKey() {
        return migration == Migration.SAME_FORMAT ? store.createdKeys().get(0) : StoreKey.of(FIRST_IDS + 1);
    }

    /** Returns the payload of the last record in the chain of successors from a key, as text. */
    Optional<String> latestRecordOf(StoreKey key) {
        StoredSession stored = peek(key);
        if (stored == null) {
            return Optional.empty();
        }
        String text = new String(stored.payload(), StandardCharsets.UTF_8);
        Matcher successor = SUCCESSOR.matcher(text);
        return successor.find() ? latestRecordOf(StoreKey.of(successor.group(1))) : Optional.of(text);
    }
}
