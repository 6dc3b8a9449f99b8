package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the view of the revocation list young, with the threads of the requests that check it.
 *
 * <p>Once the view is half as old as it may be, the first request that finds it so refreshes it; the others go on. Once it is
 * as old as it may be, all wait for that one refresh. A refresh counts from its beginning: what was stored before it began is
 * in the view. Its age is measured by the monotonic clock and by the node's clock, and the greater result counts: the first
 * stops while a machine is suspended, the second may be set back.
 *
 * <p><b>A store that hangs</b> holds the thread of the refresh. A request that needs a younger view waits until the store has
 * not responded for a second, then fails; later ones fail at once. After 5 seconds another request tries.
 */
final class RevocationRefresher {
    private static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long STUCK_NANOS = SessionRecords.COMMIT_TIMEOUT.toNanos();
    private static final long POLL_MILLIS = 20;
    private static final int MAX_IN_FLIGHT = 8;

    private final RevocationLog log;
    private final RevocationStore store;
    private final RevocationSettings settings;
    private final RetryPacer pacer;
    private final long delayNanos;
    private final AtomicReference<@Nullable Attempt> running = new AtomicReference<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();
    /** The latest attempt that succeeded. */
    private final AtomicReference<@Nullable Attempt> latest = new AtomicReference<>();
    /** The latest attempt, if it failed. */
    private volatile @Nullable Attempt failed;

    RevocationRefresher(RevocationLog log, RevocationStore store, RevocationSettings settings, RetryPacer pacer) {
        this.log = log;
        this.store = store;
        this.settings = settings;
        this.pacer = pacer;
        this.delayNanos = settings.delay().toNanos();
    }

    /** One refresh, running or over. */
    private final class Attempt {
        final long number = begun.incrementAndGet();
        final long nanos = pacer.nanoTime();
        final long millis = settings.clock().millis();
        final boolean isAfterFailure = failed != null;
        final CountDownLatch over = new CountDownLatch(1);
        volatile @Nullable StoreException failure;

        /** Returns the age of what it read. */
        long age() {
            long byClock = TimeUnit.MILLISECONDS.toNanos(settings.clock().millis() - millis);
            return Math.max(pacer.nanoTime() - nanos, byClock);
        }

        /** Returns whether the store has not responded to it for so long that another attempt is made. */
        boolean isStuck() {
            return silenceSince(nanos) > STUCK_NANOS;
        }

        /** Returns whether the store hangs: it has not responded for a second, to this attempt or a failed one before. */
        boolean hangs() {
            return silenceSince(isAfterFailure ? store.lastResponse() : nanos) > SILENCE_NANOS;
        }

        private long silenceSince(long start) {
            long response = store.lastResponse();
            return pacer.nanoTime() - (response - start > 0 ? response : start);
        }
    }

    /**
     * Makes sure that the view is not older than the delay, or than the tolerance while the store is unavailable.
     *
     * @throws SessionUnavailableException if the store is unavailable
     */
    void ensureFresh(ViewRefresh refresh) {
        long age = age();
        if (age > delayNanos) {
            refreshOrTolerate(age);
        } else if (age > delayNanos / 2 && refresh == ViewRefresh.AHEAD) {
            refreshAhead();
        }
    }

    /** Whether {@link #ensureFresh} with {@link ViewRefresh#AHEAD} would read the list or wait for another request that does. */
    boolean isRefreshDue() {
        long age = age();
        if (age <= delayNanos / 2) {
            return false;
        }
        return age <= delayNanos ? mayRefreshAhead() : !isToleratedOutage(age);
    }

    /** Returns the age of the view; the greatest there is if it was never loaded. */
    private long age() {
        Attempt last = latest.get();
        return last == null ? Long.MAX_VALUE : last.age();
    }

    /**
     * Makes sure that the view has everything that was stored before this call.
     *
     * @throws SessionUnavailableException if the store is unavailable
     */
    void refreshNow() {
        long before = begun.get();
        for (Attempt last = latest.get(); last == null || last.number <= before; last = latest.get()) {
            refreshOnce(last);
        }
    }

    /** Whether the view has been loaded. */
    boolean isLoaded() {
        return latest.get() != null;
    }

    /** Refreshes, if no other request does or has just failed to; a failure does not matter yet. */
    private void refreshAhead() {
        Attempt last = latest.get();
        boolean isYoung = last != null && last.age() <= delayNanos / 2;
        if (isYoung || !mayRefreshAhead()) {
            return;
        }
        try {
            Attempt own = begin(null, last);
            if (own != null) {
                run(own);
            }
        } catch (SessionUnavailableException e) {
            // The view is young enough; the listener was notified.
        }
    }

    private boolean mayRefreshAhead() {
        return running.get() == null && !hasJustFailed();
    }

    private void refreshUntilFresh() {
        Deadline deadline = Deadline.after(SessionRecords.COMMIT_TIMEOUT, pacer::nanoTime);
        for (Attempt last = latest.get(); last == null || last.age() > delayNanos; last = latest.get()) {
            if (deadline.hasPassed()) {
                throw unavailable("reading them takes longer than their delay of " + settings.delay(), null);
            }
            refreshOnce(last);
        }
    }

    private void refreshOrTolerate(long age) {
        if (isToleratedOutage(age)) {
            return;
        }
        try {
            refreshUntilFresh();
        } catch (SessionUnavailableException e) {
            if (!isTolerable(age)) {
                throw e;
            }
        }
    }

    /** Whether the view is used although it is too old, without another attempt to refresh it now. */
    private boolean isToleratedOutage(long age) {
        Attempt other = running.get();
        boolean isOutage = failed != null && (other == null ? hasJustFailed() : !other.isStuck());
        return isOutage && isTolerable(age);
    }

    private boolean isTolerable(long age) {
        return age <= settings.tolerance().toNanos();
    }

    /** Whether the latest refresh has failed a moment ago. */
    private boolean hasJustFailed() {
        Attempt failure = failed;
        return failure != null && pacer.nanoTime() - failure.nanos < delayNanos / 4;
    }

    /** Refreshes, or waits for the refresh that is running. */
    private void refreshOnce(@Nullable Attempt seen) {
        Attempt other = running.get();
        if (other == null || other.isStuck()) {
            Attempt own = begin(other, seen);
            if (own != null) {
                run(own);
            }
            return;
        }
        await(other);
        StoreException failure = other.failure;
        if (failure != null) {
            throw unavailable(failure.getMessage(), failure);
        }
    }

    /**
     * Returns a new attempt; null if another request was faster, or has even finished since the caller saw the latest attempt.
     */
    private @Nullable Attempt begin(@Nullable Attempt instead, @Nullable Attempt seen) {
        if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
            inFlight.decrementAndGet();
            throw unavailable("the store has not responded to " + MAX_IN_FLIGHT + " calls", null);
        }
        Attempt own = new Attempt();
        if (!running.compareAndSet(instead, own)) {
            inFlight.decrementAndGet();
            return null;
        }
        if (latest.get() != seen) {
            end(own);
            return null;
        }
        return own;
    }

    /** Notifies the listener if requests will be accepted by a view that is older than the delay. */
    private void notifyIfTolerated() {
        long age = age();
        if (age > delayNanos && isTolerable(age)) {
            EventBuffer.notify(settings.listener(), each -> each.onRevocationsOutdated(Duration.ofNanos(age)));
        }
    }

    private void run(Attempt own) {
        try {
            log.refresh();
            latest.accumulateAndGet(own, RevocationRefresher::later);
            failed = null;
        } catch (StoreException e) {
            own.failure = e;
            failed = own;
            notifyIfTolerated();
            throw unavailable(e.getMessage(), e);
        } finally {
            end(own);
        }
        log.restoreLosses();
    }

    private void end(Attempt own) {
        inFlight.decrementAndGet();
        running.compareAndSet(own, null);
        own.over.countDown();
    }

    private static @Nullable Attempt later(@Nullable Attempt one, @Nullable Attempt other) {
        return one == null || (other != null && other.number > one.number) ? other : one;
    }

    private void await(Attempt other) {
        try {
            while (other.over.getCount() > 0) {
                if (other.hangs()) {
                    throw unavailable("the store has not responded for a second", null);
                }
                boolean unused = other.over.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted while another request read them", null);
        }
    }

    static SessionUnavailableException unavailable(@Nullable String problem, @Nullable StoreException cause) {
        return new SessionUnavailableException(
                Reason.STORE_UNAVAILABLE,
                "the revocations cannot be read, without which no token is accepted: " + problem,
                cause);
    }
}
