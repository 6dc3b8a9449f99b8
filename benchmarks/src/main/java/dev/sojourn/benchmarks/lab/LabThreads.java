package dev.sojourn.benchmarks.lab;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The request threads of frameworks that let the application choose them. All use the same kind, so that they can be
 * compared: virtual threads if the JDK has them, otherwise 64 platform threads. The code is compiled for a JDK without
 * virtual threads.
 */
final class LabThreads {
    private static final int PLATFORM_THREADS = 64;

    private LabThreads() {}

    static ExecutorService newExecutor() {
        ExecutorService virtual = newVirtualThreadExecutor();
        return virtual == null ? Executors.newFixedThreadPool(PLATFORM_THREADS) : virtual;
    }

    /** Returns a pool for Jetty, whose selectors also run on it. */
    static QueuedThreadPool forJetty() {
        QueuedThreadPool pool = new QueuedThreadPool(PLATFORM_THREADS);
        pool.setVirtualThreadsExecutor(newVirtualThreadExecutor());
        return pool;
    }

    private static @Nullable ExecutorService newVirtualThreadExecutor() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
