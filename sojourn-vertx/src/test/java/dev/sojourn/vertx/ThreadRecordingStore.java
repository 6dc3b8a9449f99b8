package dev.sojourn.vertx;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import io.vertx.core.Context;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A store that records the threads that call it, and reports calls from event loops. */
final class ThreadRecordingStore extends ForwardingStore {
    private final SessionStore store = new MemoryStore();
    private final Queue<String> threads = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> onEventLoops;

    ThreadRecordingStore(Queue<Throwable> onEventLoops) {
        this.onEventLoops = onEventLoops;
    }

    Queue<String> threads() {
        return threads;
    }

    @Override
    protected SessionStore store() {
        threads.add(Thread.currentThread().getName());
        if (Context.isOnEventLoopThread()) {
            onEventLoops.add(new AssertionError("the store was called on an event loop"));
        }
        return store;
    }
}
