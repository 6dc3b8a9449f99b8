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
 * Notices that sessions have ended, on whichever node that happened: so that a WebSocket can be closed when its user
 * signs out elsewhere. Nobody is told by a store; it is asked, on the application's executor.
 *
 * <p><b>How soon.</b> Within the period and the time that one pass takes: one read for each watched session, one after
 * another. Several sockets of one session cost one read. A store that cannot answer ends nothing; the next pass asks again.
 * Each listener runs as a task of its own; what it throws, errors included, is logged and stops nothing.
 *
 * <p>Thread-safe. {@link #close()} stops it; the executor stays the application's.
 */
public final class SessionWatch implements AutoCloseable {
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    private final ScheduledExecutorService executor;
    private final ScheduledFuture<?> passes;

    /** A session and who wants to hear of its end. */
    private record Watched(DetachedSession session, List<Interest> interests) {}

    /** Somebody who wants to hear of an end; told apart by identity, so that giving up one leaves another like it. */
    private static final class Interest {
        private final Runnable whenEnded;

        Interest(Runnable whenEnded) {
            this.whenEnded = whenEnded;
        }

        void tell() {
            try {
                whenEnded.run();
            } catch (Throwable e) {
                log().log(Level.WARNING, "a listener of a session's end failed; the watch goes on", e);
            }
        }
    }

    /** One that no longer needs to be watched. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        /** Stops watching, for example because the socket was closed. Never fails, and may be repeated. */
        @Override
        void close();
    }

    private SessionWatch(Duration period, ScheduledExecutorService executor) {
        this.executor = executor;
        this.passes =
                executor.scheduleWithFixedDelay(this::pass, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * A watch that asks in a rhythm.
     *
     * @param period the pause between two passes, at least 100 milliseconds
     * @param executor the application's; a pass blocks one of its threads
     * @return the watch, running
     */
    public static SessionWatch every(Duration period, ScheduledExecutorService executor) {
        if (period.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "a watch asks the store at most ten times a second; the period is " + period);
        }
        return new SessionWatch(period, Objects.requireNonNull(executor, "executor"));
    }

    /**
     * Watches a session.
     *
     * @param session the session
     * @param whenEnded told once, on the executor, when the session is found to have ended or to have got another id
     * @return stops this when closed
     */
    public Registration watch(DetachedSession session, Runnable whenEnded) {
        String handle = session.publicId();
        Interest interest = new Interest(Objects.requireNonNull(whenEnded, "whenEnded"));
        watched.compute(handle, (same, before) -> {
            Watched now = before == null ? new Watched(session, new CopyOnWriteArrayList<>()) : before;
            now.interests().add(interest);
            return now;
        });
        return () -> watched.computeIfPresent(handle, (same, now) -> {
            now.interests().remove(interest);
            return now.interests().isEmpty() ? null : now;
        });
    }

    private void pass() {
        for (String handle : List.copyOf(watched.keySet())) {
            try {
                visit(handle);
            } catch (Throwable e) {
                // An executor runs a task that threw no more: one session's trouble would end the watch for all.
                log().log(Level.WARNING, "a watched session could not be looked at; the next pass will", e);
            }
        }
    }

    private void visit(String handle) {
        Watched each = watched.get(handle);
        if (each != null && isOver(each.session())) {
            Watched ended = watched.remove(handle);
            if (ended != null) {
                ended.interests().forEach(this::tell);
            }
        }
    }

    /** Each on its own, so that a slow one does not keep the pass from the other sessions where the executor has more threads. */
    private void tell(Interest interest) {
        try {
            executor.execute(interest::tell);
        } catch (RejectedExecutionException e) {
            interest.tell();
        }
    }

    private static boolean isOver(DetachedSession session) {
        try {
            return !session.isAlive();
        } catch (RuntimeException e) {
            log().log(Level.DEBUG, "a watched session could not be looked at; the next pass will", e);
            return false;
        }
    }

    private static System.Logger log() {
        return System.getLogger("dev.sojourn");
    }

    /** Asks no more and tells nobody. */
    @Override
    public void close() {
        passes.cancel(false);
        watched.clear();
    }
}
