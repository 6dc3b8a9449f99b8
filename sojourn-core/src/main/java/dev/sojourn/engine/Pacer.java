package dev.sojourn.engine;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How long a commit may take and how it waits between its tries. A proof that enumerates schedules brings its own. */
public interface Pacer {
    /** Real time: random pauses that grow from half a millisecond to 50, and a monotonic clock. */
    Pacer REAL = new Pacer() {
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
    };

    /**
     * A clock that only moves forward.
     *
     * @return nanoseconds since some moment
     */
    long nanoTime();

    /**
     * Waits before a replay.
     *
     * @param conflicts how many conflicts this commit has met so far, at least 1
     */
    void pause(int conflicts);
}
