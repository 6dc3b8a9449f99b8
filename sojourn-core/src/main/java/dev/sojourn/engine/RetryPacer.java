package dev.sojourn.engine;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Limits the duration of a commit and paces its retries. A test that enumerates interleavings provides its own. */
public interface RetryPacer {
    /** Real time: random pauses, and a monotonic clock. The longest pause grows with each conflict, up to 50 milliseconds. */
    RetryPacer REAL = new RetryPacer() {
        private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
        private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void pause(int conflicts) {
            long most = Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(conflicts, 10));
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most));
        }

        @Override
        public void pause(int tries, Duration shortest, Duration longest) {
            long most = Math.min(longest.toNanos(), shortest.toNanos() << Math.min(tries, 16));
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(shortest.toNanos(), most + 1));
        }
    };

    /**
     * Returns the time of a clock that only moves forward.
     *
     * @return nanoseconds since an arbitrary moment
     */
    long nanoTime();

    /**
     * Waits before a replay.
     *
     * @param conflicts how many conflicts this commit has had so far, at least 1
     */
    void pause(int conflicts);

    /**
     * Waits before another attempt to acquire a resource. Pauses are random and grow.
     *
     * @param tries how many attempts have failed so far, at least 1
     * @param shortest the shortest pause
     * @param longest the longest pause
     */
    void pause(int tries, Duration shortest, Duration longest);
}
