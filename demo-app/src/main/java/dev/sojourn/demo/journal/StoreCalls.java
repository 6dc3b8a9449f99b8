package dev.sojourn.demo.journal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The store calls of the request that the present code works for. Commits of one session in one process combine, so under
 * load a request's save may be among the calls of another one, which wrote for both.
 */
public final class StoreCalls {
    private final Slot present;

    /**
     * Made once for a store and its journal.
     *
     * @param present how the server tells its requests apart
     */
    public StoreCalls(Slot present) {
        this.present = present;
    }

    List<StoreCall> begin() {
        List<StoreCall> calls = new CopyOnWriteArrayList<>();
        present.set(calls);
        return calls;
    }

    void add(StoreCall call) {
        List<StoreCall> calls = present.get();
        if (calls != null) {
            calls.add(call);
        }
    }

    void end() {
        present.set(null);
    }

    /**
     * Where a server keeps a list for the request that the calling code works for. A thread's own variable where one thread
     * does all of a request; where several do, whatever that framework hands on from one to the next.
     */
    public interface Slot {
        /**
         * Keeps the list, or forgets it.
         *
         * @param calls the present request's list, or null at its end
         */
        void set(@Nullable List<StoreCall> calls);

        /**
         * What was kept.
         *
         * @return the present request's list, or null outside of requests
         */
        @Nullable
        List<StoreCall> get();

        /**
         * For servers where one thread does all of a request.
         *
         * @return a new one
         */
        static Slot ofThread() {
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
