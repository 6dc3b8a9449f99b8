package dev.sojourn.demo.journal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The store calls of the request that the present thread works for. Commits of one session in one process combine, so
 * under load a request's save may be among the calls of another one, which wrote for both.
 */
public final class StoreCalls {
    @SuppressWarnings("ThreadLocalUsage") // one server, one of these; cleared at the end of every request
    private final ThreadLocal<@Nullable List<StoreCall>> present = new ThreadLocal<>();

    /** Made once for a store and its journal. */
    public StoreCalls() {}

    void begin() {
        present.set(new ArrayList<>());
    }

    void add(StoreCall call) {
        List<StoreCall> calls = present.get();
        if (calls != null) {
            calls.add(call);
        }
    }

    List<StoreCall> soFar() {
        List<StoreCall> calls = present.get();
        return calls == null ? List.of() : List.copyOf(calls);
    }

    void end() {
        present.remove();
    }
}
