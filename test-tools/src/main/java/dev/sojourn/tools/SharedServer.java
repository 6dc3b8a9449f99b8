package dev.sojourn.tools;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server, or another resource, that test classes share. It starts on first use and is closed after the last test of all, if
 * the test classes are extended with an {@link UntilLastTest}. Thread-safe.
 *
 * @param <T> the kind of server
 */
public final class SharedServer<T extends AutoCloseable> {
    private static final Deque<AutoCloseable> RUNNING = new ArrayDeque<>();

    private final Supplier<T> start;
    private @Nullable T server;

    /**
     * Creates a server that has not started.
     *
     * @param start starts it; may use other shared servers, which are closed after it
     */
    public SharedServer(Supplier<T> start) {
        this.start = start;
    }

    /**
     * Returns the server, and starts it the first time. Blocks until it has started.
     *
     * @return the server
     */
    public T get() {
        synchronized (RUNNING) {
            if (server == null) {
                server = Objects.requireNonNull(start.get(), "server");
                RUNNING.push(server);
            }
            return server;
        }
    }

    private static void closeAll() throws Exception {
        synchronized (RUNNING) {
            while (!RUNNING.isEmpty()) {
                RUNNING.pop().close();
            }
        }
    }

    /** Closes all shared servers after the last test, the last one first. A module's list of its servers extends it. */
    public abstract static class UntilLastTest implements BeforeAllCallback {
        /** For subclasses. */
        protected UntilLastTest() {}

        @Override
        public final void beforeAll(ExtensionContext context) {
            context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent(SharedServer.class, key ->
                    (AutoCloseable) SharedServer::closeAll);
        }
    }
}
