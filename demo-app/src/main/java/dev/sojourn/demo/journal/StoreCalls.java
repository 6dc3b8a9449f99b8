package dev.sojourn.demo.journal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Collects the store calls of the current request. Commits of one session in one process are combined, so under load a
 * request's save may appear among the calls of the request that wrote for both.
 */
public final class StoreCalls {
    private final Slot current;

    /**
     * Creates the collector; one for each store.
     *
     * @param current holds the current request's list
     */
    public StoreCalls(Slot current) {
        this.current = current;
    }

    List<StoreCall> begin() {
        List<StoreCall> calls = new CopyOnWriteArrayList<>();
        current.set(calls);
        return calls;
    }

    void add(StoreCall call) {
        List<StoreCall> calls = current.get();
        if (calls != null) {
            calls.add(call);
        }
    }

    void end() {
        current.set(null);
    }

    /**
     * Holds the list of the current request: a thread-local variable if one thread processes the whole request,
     * otherwise the context that the framework passes from thread to thread.
     */
    public interface Slot {
        /**
         * Sets or clears the list.
         *
         * @param calls the current request's list, or null at the end of the request
         */
        void set(@Nullable List<StoreCall> calls);

        /**
         * Returns the list.
         *
         * @return the current request's list, or null outside of requests
         */
        @Nullable
        List<StoreCall> get();

        /**
         * Returns a slot for servers that process each request on one thread.
         *
         * @return a new slot
         */
        static Slot threadLocal() {
            return new ThreadSlot();
        }
    }

    private static final class ThreadSlot implements Slot {
        @SuppressWarnings("ThreadLocalUsage") // one server, one of these; cleared at the end of every request
        private final ThreadLocal<@Nullable List<StoreCall>> calls = new ThreadLocal<>();

        @Override
        public void set(@Nullable List<StoreCall> list) {
            if (list == null) {
                calls.remove();
            } else {
                calls.set(list);
            }
        }

        @Override
        public @Nullable List<StoreCall> get() {
            return calls.get();
        }
    }
}
