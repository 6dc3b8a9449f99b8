package dev.sojourn.histories;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits with a timeout. */
final class TimedWait {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "timed-wait");
        thread.setDaemon(true);
        return thread;
    });

    private TimedWait() {}

    static <T extends @Nullable Object> T callWithin(long timeout, TimeUnit unit, String message, Callable<T> work) {
        Future<T> result = THREADS.submit(work);
        try {
            return result.get(timeout, unit);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException(message, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(message, e);
        }
    }

    /** Runs work on another thread. */
    static Future<?> runAsync(Runnable work) {
        return THREADS.submit(work);
    }

    /** Pauses; an interruption ends the pause and is preserved. */
    static void pause(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
