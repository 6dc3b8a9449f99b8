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
 * Three nodes of the real engine over one store, or over two between which sessions move, and what can be found out about
 * them from outside.
 */
final class World {
    private static final int NODES = 3;
    private static final String FIRST_IDS = "the-id-of-the-first-node-number-";
    private static final Pattern SUCCESSOR = Pattern.compile("\"successor\":\"([^\"]+)\"");
    /** How long whoever waits for a lease believes to have waited: it asks twice, then gives up. */
    private static final long ONE_WAIT_NANOS = TimeUnit.SECONDS.toNanos(6);
    /**
     * Nobody waits: a schedule's pauses are the scheduler's. Each request's own time goes on only while it waits for a
     * lease.
     */
    private static final RetryPacer WITHOUT_WAITING = new RetryPacer() {
        private final ThreadLocal<Long> waited = ThreadLocal.withInitial(() -> 0L);

        @Override
        public long nanoTime() {
            return waited.get();
        }

        @Override
        public void pause(int conflicts) {}

        @Override
        public void pause(int tries, Duration shortest, Duration longest) {
            waited.set(waited.get() + ONE_WAIT_NANOS);
        }
    };

    /** The store; of two, the old one. */
    private final GatedStore store = new GatedStore("");

    private final GatedStore next = new GatedStore("next ");
    /** What each node knows as its store. */
    private final List<SessionStore> stores = new ArrayList<>();

    private final List<SettableClock> clocks = new ArrayList<>();
    private final List<Engine> nodes = new ArrayList<>();
    /** Counted, so that the same decisions meet the same ids. */
    private final List<AtomicInteger> idsOfNodes = new ArrayList<>();

    /** The node that every session begins on: it knows of one store only. */
    private final Engine first;

    private final Instant start;

    private final Way way;

    /** How a node uses two stores. */
    enum Knows {
        ONE,
        BOTH,
        MOVING
    }

    /** What the two stores keep. */
    enum Way {
        /** Our own records, under the same keys. */
        OWN,
        /** The old one Express's records, the new one ours. */
        FROM_EXPRESS,
        /** The old one our records, the new one Express's. */
        TO_EXPRESS
    }

    World() {
        this(Knows.ONE, Knows.ONE, Knows.ONE);
    }

    World(Knows... nodesKnow) {
        this(Way.OWN, nodesKnow);
    }

    World(Way way, Knows... nodesKnow) {
        this.way = way;
        for (int i = 0; i < NODES; i++) {
            EngineSettings.Builder settings = new EngineSettings.Builder();
            SettableClock clock = new SettableClock();
            clocks.add(clock);
            settings.clock = clock;
            SessionStore its = storeOf(nodesKnow[i], clock);
            stores.add(its);
            settings.store = its;
            if (way != Way.OWN) {
                settings.recordFormat = expressRecords(clock);
            }
            AtomicInteger ids = new AtomicInteger();
            idsOfNodes.add(ids);
            String prefix = "the-id-of-node-" + i + "-number-";
            settings.generator = () -> prefix + ids.incrementAndGet();
            nodes.add(Engine.of(settings.build(List.of("vG1kJ8s0Qd7yRz3mXw5nTb2cLp9fHa6e")), WITHOUT_WAITING));
        }
        first = nodesKnow[0] == Knows.ONE ? nodes.get(0) : beginner();
        start = clocks.get(0).instant();
        clocks.forEach(clock -> clock.set(start));
    }

    private SessionStore storeOf(Knows node, Clock clock) {
        return switch (way) {
            case OWN ->
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
                    case ONE ->
                        throw new IllegalArgumentException("a node that knows our store alone has other records");
                    case BOTH -> move.prepareReturn().store();
                    case MOVING -> move.moveBack().store();
                };
            }
        };
    }

    private RecordFormat expressRecords(Clock clock) {
        return Express.recordFormat(way == Way.FROM_EXPRESS ? store : next, options(clock));
    }

    private static Consumer<ExpressOptions> options(Clock clock) {
        return e -> e.ttl(Duration.ofMinutes(30))
                .secret("vG1kJ8s0Qd7yRz3mXw5nTb2cLp9fHa6e")
                .clock(clock);
    }

    private Engine beginner() {
        EngineSettings.Builder settings = new EngineSettings.Builder();
        settings.clock = clocks.get(0);
        settings.store = store;
        if (way == Way.FROM_EXPRESS) {
            settings.recordFormat = expressRecords(clocks.get(0));
        }
        AtomicInteger ids = new AtomicInteger();
        idsOfNodes.add(ids);
        settings.generator = () -> FIRST_IDS + ids.incrementAndGet();
        return Engine.of(settings.build(List.of("vG1kJ8s0Qd7yRz3mXw5nTb2cLp9fHa6e")), WITHOUT_WAITING);
    }

    /** Empties the stores and sets the clocks back. */
    void renew() {
        store.renew();
        next.renew();
        clocks.forEach(clock -> clock.set(start));
        idsOfNodes.forEach(ids -> ids.set(0));
    }

    SettableClock clock(int node) {
        return clocks.get(node);
    }

    /** The request that a session begins with. */
    Answer begin(Consumer<Session> handler) {
        return request("beginning", first, null, handler);
    }

    /** One request on one node, to its end. */
    Answer request(String name, int node, @Nullable String cookie, Consumer<Session> handler) {
        return request(name, nodes.get(node), cookie, handler);
    }

    private static Answer request(String name, Engine node, @Nullable String cookie, Consumer<Session> handler) {
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
        Answer answer = new Answer(name, status, exchange.responseHeaders("Set-Cookie"));
        scope.close();
        return answer;
    }

    /** Ends sessions from outside of any request, or lists them. */
    Answer act(String name, int node, Consumer<UserSessions> work, String subject) {
        int status = 200;
        try {
            work.accept(nodes.get(node).of(subject));
        } catch (SessionException e) {
            status = e.status();
        }
        return new Answer(name, status, List.of());
    }

    /** A key's public name, as the record format says. */
    static String handle(StoreKey key) {
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

    /** The live records of a user, whoever may know their ids. */
    List<StoreKey> liveRecordsOf(String subject) {
        return Stream.concat(store.created().stream(), next.created().stream())
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

    /** When a record ends, whatever happens: as the record format says, with the default of 12 hours. */
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

    /** What a request with this cookie would see. */
    <T> Optional<T> look(@Nullable String cookie, Function<Session, @Nullable T> question) {
        List<T> seen = new ArrayList<>();
        request("look", 0, cookie, session -> {
            T answer = question.apply(session);
            if (answer != null) {
                seen.add(answer);
            }
        });
        return seen.stream().findFirst();
    }

    /** What stands under a key, for whoever knows both stores. Not scheduled: no request asks. */
    private @Nullable StoredSession peek(StoreKey key) {
        return stores.get(0).load(key).orElse(null);
    }

    /** Whether the new store holds a session under a key that needs nothing of the old one. */
    boolean isWhollyInNewStore(StoreKey key) {
        StoredSession stored =
                next.peek(way == Way.FROM_EXPRESS ? Sessions.recordFormat().keyOf(key.text()) : key);
        return stored != null
                && stored.payload()[0] == '{'
                && !new String(stored.payload(), StandardCharsets.UTF_8).contains("\"moving\"");
    }

    /** The first session's key, as every node names it. */
    StoreKey firstKey() {
        return way == Way.OWN ? store.created().get(0) : StoreKey.of(FIRST_IDS + 1);
    }

    /** The bytes of the record that stands at the end of the line of successors from a key on, as text. */
    Optional<String> recordAtTheEndOf(StoreKey key) {
        StoredSession stored = peek(key);
        if (stored == null) {
            return Optional.empty();
        }
        String text = new String(stored.payload(), StandardCharsets.UTF_8);
        Matcher successor = SUCCESSOR.matcher(text);
        return successor.find() ? recordAtTheEndOf(StoreKey.of(successor.group(1))) : Optional.of(text);
    }
}
