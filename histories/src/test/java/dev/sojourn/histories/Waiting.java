package dev.sojourn.histories;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits, with an end. */
final class Waiting {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "waiting");
        thread.setDaemon(true);
        return thread;
    });

    private Waiting() {}

    static <T extends @Nullable Object> T within(long patience, TimeUnit unit, String otherwise, Callable<T> work) {
        Future<T> result = THREADS.submit(work);
        try {
            return result.get(patience, unit);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException(otherwise, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(otherwise, e);
        }
    }

    /** Does something on a thread of its own. */
    static Future<?> begin(Runnable work) {
        return THREADS.submit(work);
    }

    /** Lets a moment pass; an interruption ends it and is kept. */
    static void pause(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
