package dev.sojourn.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads that start tasks at the same moment. */
final class Racers implements AutoCloseable {
    private static final int SECONDS = 60;

    private final ExecutorService threads;
    private final CyclicBarrier start;

    Racers(int count) {
        threads = Executors.newFixedThreadPool(count);
        start = new CyclicBarrier(count);
    }

    /** Runs one task on each thread and returns the results in the order of the tasks. */
    <T> List<T> race(List<Callable<T>> tasks) {
        List<Future<T>> running = new ArrayList<>();
        for (Callable<T> task : tasks) {
            running.add(threads.submit(() -> {
                start.await(SECONDS, TimeUnit.SECONDS);
                return task.call();
            }));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> each : running) {
            results.add(await(each));
        }
        return results;
    }

    private static <T> T await(Future<T> running) {
        try {
            return running.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            boolean failed = !(e.getCause() instanceof BrokenBarrierException);
            throw new AssertionError(failed ? "a task failed" : "the tasks did not start together", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the tasks ran", e);
        } catch (TimeoutException e) {
            throw new AssertionError("a task did not finish within " + SECONDS + " seconds", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
