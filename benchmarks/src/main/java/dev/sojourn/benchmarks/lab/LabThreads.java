package dev.sojourn.benchmarks.lab;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * What answers run on where a framework leaves that to its application: the same for each, so that they can be compared.
 * Virtual threads where this JDK has them; the code is compiled for one that has not.
 */
final class LabThreads {
    private static final int WITHOUT_VIRTUAL_ONES = 64;

    private LabThreads() {}

    static ExecutorService start() {
        ExecutorService virtual = virtual();
        return virtual == null ? Executors.newFixedThreadPool(WITHOUT_VIRTUAL_ONES) : virtual;
    }

    /** Jetty's selectors run on the pool as well. */
    static QueuedThreadPool forJetty() {
        QueuedThreadPool pool = new QueuedThreadPool(WITHOUT_VIRTUAL_ONES);
        pool.setVirtualThreadsExecutor(virtual());
        return pool;
    }

    private static @Nullable ExecutorService virtual() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
