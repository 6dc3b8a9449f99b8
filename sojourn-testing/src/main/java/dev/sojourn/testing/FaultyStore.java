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
 * A store that does what a test tells it to: it writes down which calls came, fails the next one of a kind, holds one
 * until it is released, or is away altogether. Everything else goes to a real store. Thread-safe.
 */
public final class FaultyStore extends ForwardingStore {
    private static final int SECONDS = 20;

    private final SessionStore store;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<Call, Fault> faults = new EnumMap<>(Call.class);
    private final Map<Call, Hold> holds = new EnumMap<>(Call.class);
    private volatile boolean away;

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
        /** It does nothing and says so. */
        NOT_DONE,
        /** It does its work, and then the answer is lost. */
        RESPONSE_LOST,
        /** It does nothing, and the caller cannot know. */
        REQUEST_LOST
    }

    /**
     * A faulty store over a new {@link MemoryStore}, which has a time of its own. Where a test sets the clock of the sessions and
     * lets them expire, hand over a memory store with that clock.
     */
    public FaultyStore() {
        this(new MemoryStore());
    }

    /**
     * A faulty store over another one.
     *
     * @param store does the work
     */
    public FaultyStore(SessionStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    /**
     * The calls so far, those that failed among them.
     *
     * @return the calls in order, a copy
     */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** Begins anew: no calls so far, nothing fails, nothing is held. What is stored stays. */
    public void reset() {
        synchronized (faults) {
            faults.clear();
            holds.values().forEach(Hold::release);
            holds.clear();
        }
        away = false;
        calls.clear();
    }

    /**
     * Lets the next call of a kind fail, once.
     *
     * @param call the kind
     * @param fault how it fails
     */
    public void failNext(Call call, Fault fault) {
        synchronized (faults) {
            faults.put(call, fault);
        }
    }

    /** From now on every call fails without effect, until {@link #reset}. */
    public void failAll() {
        away = true;
    }

    /**
     * Holds the next call of a kind, once, before it does anything.
     *
     * @param call the kind
     * @return to wait for the call and to release it
     */
    public Hold holdNext(Call call) {
        Hold hold = new Hold();
        synchronized (faults) {
            holds.put(call, hold);
        }
        return hold;
    }

    /** A call that is held. Waits at most 20 seconds for anything. */
    public static final class Hold {
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        private Hold() {}

        /**
         * Waits until the call has come.
         *
         * @throws IllegalStateException if it does not come
         */
        public void awaitCall() {
            await(arrived, "the call that was to be held did not come");
        }

        /** Lets the call go on. */
        public void release() {
            released.countDown();
        }

        private void pass() {
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
            hold.pass();
        }
        return away ? fail(call, Fault.NOT_DONE, work) : fail(call, fault, work);
    }

    private static <T> T fail(Call call, @Nullable Fault fault, Supplier<T> work) {
        if (fault == null) {
            return work.get();
        }
        if (fault == Fault.RESPONSE_LOST) {
            T unused = work.get();
            Objects.requireNonNull(unused, "a store's answer");
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
