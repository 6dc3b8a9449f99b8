package dev.sojourn.express.cases;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * A memory store that records its calls, with Express's names: {@code get} is load, {@code set} is create or
 * compareAndSet, {@code touch} is touch, {@code destroy} is delete.
 */
final class RecordingStore implements SessionStore {
    private final MemoryStore store;
    private final Clock clock;
    private final List<String> calls = new ArrayList<>();
    private final Set<StoreKey> keys = ConcurrentHashMap.newKeySet();
    private final Map<String, RuntimeException> failing = new ConcurrentHashMap<>();
    private final Set<String> once = ConcurrentHashMap.newKeySet();
    private volatile boolean findsNothing;
    private volatile Runnable beforeWriting = () -> {};

    RecordingStore(Clock clock) {
        this.clock = clock;
        this.store = MemoryStore.builder().clock(clock).build();
    }

    /** Makes this call fail from now on. */
    void fail(String call) {
        failing.put(call, StoreException.notDone("boom!", null));
    }

    /** Makes only the next such call fail. */
    void failOnce(String call) {
        fail(call);
        once.add(call);
    }

    /** Makes this call fail from now on, with an exception that no store may throw. */
    void failWithForbiddenException(String call) {
        failing.put(call, new IllegalStateException("boom!"));
    }

    /** Makes every call work again. */
    void repair() {
        failing.clear();
    }

    /** Sets what runs before each call that writes. */
    void beforeWriting(Runnable check) {
        beforeWriting = check;
    }

    /** Makes every load find nothing from now on. */
    void findNothing() {
        findsNothing = true;
    }

    synchronized List<String> calls() {
        List<String> recorded = List.copyOf(calls);
        calls.clear();
        return recorded;
    }

    private void recordCall(String call) {
        synchronized (this) {
            calls.add(call);
        }
        if (!call.equals("get")) {
            beforeWriting.run();
        }
        RuntimeException failure = once.remove(call) ? failing.remove(call) : failing.get(call);
        if (failure != null) {
            throw failure;
        }
    }

    /** Returns the number of records, including those of expired sessions. */
    int records() {
        return (int) keys.stream().map(store::load).flatMap(Optional::stream).count();
    }

    /** Returns the number of live sessions. */
    int size() {
        return (int) keys.stream()
                .map(store::load)
                .flatMap(Optional::stream)
                .filter(each -> each.expiresAt().isAfter(clock.instant()))
                .count();
    }

    void clear() {
        for (StoreKey key : keys) {
            store.load(key).ifPresent(each -> store.delete(key, each.version()));
        }
    }

    StoredSession record(String id) {
        return store.load(StoreKey.of(id)).orElseThrow(() -> new AssertionError("there is no record with this id"));
    }

    String text(String id) {
        return new String(record(id).payload(), StandardCharsets.UTF_8);
    }

    /** Writes without a version check, as Express does. */
    void edit(String id, UnaryOperator<String> change) {
        StoredSession current = record(id);
        byte[] text = change.apply(new String(current.payload(), StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
        store.compareAndSet(
                StoreKey.of(id),
                current.version(),
                new StoredSession(text, current.version() + 1, current.expiresAt(), null));
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        recordCall("get");
        return findsNothing ? Optional.empty() : store.load(key);
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        recordCall("set");
        keys.add(key);
        return store.create(key, session);
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        recordCall("set");
        return store.compareAndSet(key, expected, replacement);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        recordCall("touch");
        return store.touch(key, expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        recordCall("destroy");
        return store.delete(key, expected);
    }

    @Override
    public void close() {
        store.close();
    }
}
