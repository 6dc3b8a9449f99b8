package dev.sojourn.engine;

import dev.sojourn.spi.StoreKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * State that the requests of one session in this process share, and no other session: created for the first of them,
 * removed after the last one. Nothing waits in here, so no session ever waits for another one.
 */
final class PerSession<T extends PerSession.Shared> {
    private final ConcurrentHashMap<StoreKey, T> inUse = new ConcurrentHashMap<>();
    private final Supplier<T> maker;

    PerSession(Supplier<T> maker) {
        this.maker = maker;
    }

    /** Counts the requests that use it. The count begins with one, and never returns from zero. */
    abstract static class Shared {
        private final AtomicInteger users = new AtomicInteger(1);

        final boolean join(int most) {
            int now = users.get();
            while (now > 0 && now < most) {
                if (users.compareAndSet(now, now + 1)) {
                    return true;
                }
                now = users.get();
            }
            return false;
        }

        final boolean isForgotten() {
            return users.get() == 0;
        }

        /** Returns true for the last one. */
        final boolean leave() {
            return users.decrementAndGet() == 0;
        }
    }

    /**
     * Returns the shared state of a session, to be left again; null if the maximum number of requests uses it already.
     */
    @Nullable
    T enter(StoreKey key, int most) {
        while (true) {
            T present = inUse.get(key);
            if (present == null) {
                T fresh = maker.get();
                if (inUse.putIfAbsent(key, fresh) == null) {
                    return fresh;
                }
            } else if (present.join(most)) {
                return present;
            } else if (present.isForgotten()) {
                inUse.remove(key, present);
            } else {
                return null;
            }
        }
    }

    /** Returns the shared state for a request that has entered. */
    T current(StoreKey key) {
        T present = inUse.get(key);
        if (present == null) {
            throw new IllegalStateException("no request of this session has entered; this is a bug in Sojourn");
        }
        return present;
    }

    /** Leaves the shared state. Called once for each {@link #enter} that returned a value. */
    void leave(StoreKey key, T shared) {
        if (shared.leave()) {
            inUse.remove(key, shared);
        }
    }

    /** Returns whether no request of any session uses shared state. */
    boolean isEmpty() {
        return inUse.isEmpty();
    }
}
