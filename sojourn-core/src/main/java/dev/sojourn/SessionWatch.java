package dev.sojourn;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Detects that sessions have ended, on whichever node they ended, so that a WebSocket can be closed when its user signs
 * out elsewhere. A store sends no notifications; the watch polls it on the application's executor.
 *
 * <p><b>Delay.</b> At most the period plus the duration of one pass: one read for each watched session, one after
 * another. Several sockets of one session cost one read. An unavailable store ends nothing; the next pass asks
 * again. Each callback runs as its own task; what it throws, errors included, is logged and stops nothing.
 *
 * <p>Thread-safe. {@link #close()} stops the watch; the executor remains the application's to shut down.
 */
public final class SessionWatch implements AutoCloseable {
    private final Map<String, WatchedSession> watched = new ConcurrentHashMap<>();
    private final ScheduledExecutorService executor;
    private final ScheduledFuture<?> passes;

    /** A session and its callbacks. */
    private record WatchedSession(DetachedSession session, List<Callback> callbacks) {}

    /** A callback. Compared by identity, so that removing one keeps an equal one. */
    private static final class Callback {
        private final Runnable whenEnded;

        Callback(Runnable whenEnded) {
            this.whenEnded = whenEnded;
        }

        void run() {
            try {
                whenEnded.run();
            } catch (Throwable e) {
                log().log(Level.WARNING, "a callback for a session's end failed; the watch continues", e);
            }
        }
    }

    /** The registration of one callback. Close it to stop watching. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        /** Stops watching, for example because the socket was closed. Never fails and may be repeated. */
        @Override
        void close();
    }

    private SessionWatch(Duration period, ScheduledExecutorService executor) {
        this.executor = executor;
        this.passes =
                executor.scheduleWithFixedDelay(this::pass, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Creates a watch that polls at a fixed interval.
     *
     * @param period the pause between two passes, at least 100 milliseconds
     * @param executor the application's executor; a pass blocks one of its threads
     * @return the watch, running
     */
    public static SessionWatch every(Duration period, ScheduledExecutorService executor) {
        if (period.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "a watch polls the store at most ten times a second, so its period must be at least 100 milliseconds, but was "
                            + period);
        }
        return new SessionWatch(period, Objects.requireNonNull(executor, "executor"));
    }

    /**
     * Watches a session.
     *
     * @param session the session
     * @param whenEnded called once, on the executor, when the session is found to have ended or to have a new id
     * @return the registration; close it to stop watching
     */
    public Registration watch(DetachedSession session, Runnable whenEnded) {
        String publicId = session.publicId();
        Callback callback = new Callback(Objects.requireNonNull(whenEnded, "whenEnded"));
        watched.compute(publicId, (same, before) -> {
            WatchedSession now = before == null ? new WatchedSession(session, new CopyOnWriteArrayList<>()) : before;
            now.callbacks().add(callback);
            return now;
        });
        return () -> watched.computeIfPresent(publicId, (same, now) -> {
            now.callbacks().remove(callback);
            return now.callbacks().isEmpty() ? null : now;
        });
    }

    private void pass() {
        for (String publicId : List.copyOf(watched.keySet())) {
            try {
                check(publicId);
            } catch (Throwable e) {
                // An executor drops a periodic task that threw: one session's failure would end the watch for all.
                log().log(Level.WARNING, "a watched session could not be checked; the next pass tries again", e);
            }
        }
    }

    private void check(String publicId) {
        WatchedSession each = watched.get(publicId);
        if (each != null && isOver(each.session())) {
            WatchedSession ended = watched.remove(publicId);
            if (ended != null) {
                ended.callbacks().forEach(this::dispatch);
            }
        }
    }

    /**
     * Runs each callback as its own task, so that a slow one does not delay the pass if the executor has more threads.
     */
    private void dispatch(Callback callback) {
        try {
            executor.execute(callback::run);
        } catch (RejectedExecutionException e) {
            callback.run();
        }
    }

    private static boolean isOver(DetachedSession session) {
        try {
            return !session.isAlive();
        } catch (RuntimeException e) {
            log().log(Level.DEBUG, "a watched session could not be checked; the next pass tries again", e);
            return false;
        }
    }

    private static System.Logger log() {
        return System.getLogger("dev.sojourn");
    }

    /** Stops polling. No callback starts afterwards. */
    @Override
    public void close() {
        passes.cancel(false);
        watched.clear();
    }
}
