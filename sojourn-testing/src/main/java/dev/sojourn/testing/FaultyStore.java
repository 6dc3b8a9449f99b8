package dev.sojourn.testing;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that fails on demand: it records its calls, fails or holds the next call of a kind, or is unavailable. All other
 * calls are passed on to a real store. Thread-safe.
 */
public final class FaultyStore extends ForwardingStore {
    private static final int SECONDS = 20;

    private final SessionStore store;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<Call, Fault> faults = new EnumMap<>(Call.class);
    private final Map<Call, Hold> holds = new EnumMap<>(Call.class);
    private volatile boolean unavailable;

    /** The calls of a store. */
    public enum Call {
        /** {@link SessionStore#load}. */
        LOAD,
        /** {@link SessionStore#create}. */
        CREATE,
        /** {@link SessionStore#compareAndSet}. */
        COMPARE_AND_SET,
        /** {@link SessionStore#touch}. */
        TOUCH,
        /** {@link SessionStore#delete}. */
        DELETE
    }

    /** How a call fails. */
    public enum Fault {
        /** It has no effect and reports that. */
        NOT_DONE,
        /** It takes effect, and then its response is lost: the outcome is unknown. */
        RESPONSE_LOST,
        /** It has no effect, because the request is lost: the outcome is unknown. */
        REQUEST_LOST
    }

    /**
     * Creates a faulty store over a new {@link MemoryStore} with its own clock. If a test sets the clock of the sessions and
     * lets them expire, pass a memory store with that clock instead.
     */
    public FaultyStore() {
        this(new MemoryStore());
    }

    /**
     * Creates a faulty store over another store.
     *
     * @param store receives the calls that do not fail
     */
    public FaultyStore(SessionStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    /**
     * Returns the calls so far, including failed ones.
     *
     * @return the calls in order, a copy
     */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** Forgets the calls, ends all failures, and releases held calls. Records stay. */
    public void reset() {
        synchronized (faults) {
            faults.clear();
            holds.values().forEach(Hold::release);
            holds.clear();
        }
        unavailable = false;
        calls.clear();
    }

    /**
     * Makes the next call of a kind fail, once.
     *
     * @param call the kind
     * @param fault how it fails
     */
    public void failNext(Call call, Fault fault) {
        synchronized (faults) {
            faults.put(call, fault);
        }
    }

    /** Makes every call fail without effect until {@link #reset}, as an unavailable store does. */
    public void failAll() {
        unavailable = true;
    }

    /**
     * Holds the next call of a kind, once, before it takes effect.
     *
     * @param call the kind
     * @return the hold, to wait for the call and to release it
     */
    public Hold holdNext(Call call) {
        Hold hold = new Hold();
        synchronized (faults) {
            holds.put(call, hold);
        }
        return hold;
    }

    /** A held call. Every wait fails after 20 seconds. */
    public static final class Hold {
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        private Hold() {}

        /**
         * Waits until the call arrives.
         *
         * @throws IllegalStateException if it does not arrive within 20 seconds
         */
        public void awaitCall() {
            await(arrived, "the call to hold did not arrive");
        }

        /** Lets the call continue. */
        public void release() {
            released.countDown();
        }

        private void awaitRelease() {
            arrived.countDown();
            await(released, "a held call was not released");
        }

        private static void await(CountDownLatch latch, String problem) {
            try {
                if (!latch.await(SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(problem + " within " + SECONDS + " seconds");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted: " + problem, e);
            }
        }
    }

    private <T> T call(Call call, Supplier<T> work) {
        Hold hold;
        Fault fault;
        synchronized (faults) {
            hold = holds.remove(call);
            fault = faults.remove(call);
            calls.add(call);
        }
        if (hold != null) {
            hold.awaitRelease();
        }
        return unavailable ? fail(call, Fault.NOT_DONE, work) : fail(call, fault, work);
    }

    private static <T> T fail(Call call, @Nullable Fault fault, Supplier<T> work) {
        if (fault == null) {
            return work.get();
        }
        if (fault == Fault.RESPONSE_LOST) {
            T unused = work.get();
            Objects.requireNonNull(unused, "result of a store call");
        }
        String message = "a test wanted " + call + " to fail: " + fault;
        throw fault == Fault.NOT_DONE ? StoreException.notDone(message, null) : StoreException.unknown(message, null);
    }

    @Override
    protected SessionStore store() {
        return store;
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return call(Call.LOAD, () -> super.load(key));
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return call(Call.CREATE, () -> super.create(key, session));
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return call(Call.COMPARE_AND_SET, () -> super.compareAndSet(key, expected, replacement));
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return call(Call.TOUCH, () -> super.touch(key, expected, version, expiresAt));
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return call(Call.DELETE, () -> super.delete(key, expected));
    }

    @Override
    public String toString() {
        return "FaultyStore[" + store + "]";
    }
}
