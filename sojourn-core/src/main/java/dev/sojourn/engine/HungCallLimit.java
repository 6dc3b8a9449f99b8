package dev.sojourn.engine;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the threads that a store holds which does not answer.
 *
 * <p>A store hangs when more calls than a few are under way, nothing at all has come back for a second, and a call that
 * was let through to find out has not come back either. Then further calls are refused, at once and certainly without
 * effect. Any answer ends that, and so does every call that comes back at its deadline: there is room for the next one
 * then. So there is no state that outlives what causes it, and a store that is slow but answers is never refused anything,
 * however many calls are under way.
 *
 * <p>What comes back within that second counts as an answer, failures too: a store that refuses holds no thread.
 */
final class HungCallLimit {
    private static final Duration SILENCE = Duration.ofSeconds(1);
    private static final long SILENCE_NANOS = SILENCE.toNanos();
    /** How long those are let through that find out whether a silent store answers. */
    private static final long DOUBT_NANOS = Duration.ofMillis(250).toNanos();
    /** The last answer is noted no more exactly than this, so that not every call writes what all of them read. */
    private static final long GRAIN_NANOS = Duration.ofMillis(10).toNanos();

    private final int max;
    private final RetryPacer pacer;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile long lastAnswer;
    /** Since when a silent store is being found out about; holds only if it is later than the last answer. */
    private final AtomicReference<@Nullable Doubt> doubt = new AtomicReference<>();

    /** When a request began to find out. */
    private record Doubt(long since) {}

    HungCallLimit(int max, RetryPacer pacer) {
        this.max = max;
        this.pacer = pacer;
    }

    /** The bound for a store; none for the memory store, which waits for nothing. */
    static HungCallLimit of(SessionStore store, int max, RetryPacer pacer) {
        return new HungCallLimit(store instanceof MemoryStore ? Integer.MAX_VALUE : max, pacer);
    }

    /** Makes a call, or refuses it with a {@link StoreException} that says that it was not done. */
    <T> T call(Supplier<T> call) {
        if (max == Integer.MAX_VALUE) {
            return call.get();
        }
        long began = pacer.nanoTime();
        begin(began);
        boolean answered = false;
        try {
            T answer = call.get();
            answered = true;
            return answer;
        } finally {
            end(began, answered);
        }
    }

    private void begin(long now) {
        int others = underWay.getAndIncrement();
        if (others == 0) {
            lastAnswer = now;
        } else if (others >= max && now - lastAnswer > SILENCE_NANOS && !findsOut(now)) {
            underWay.decrementAndGet();
            throw StoreException.notDone(
                    others + " calls are waiting for the store, which has answered nothing for " + SILENCE
                            + " or longer; no more are made until one has come back (c.maxHungStoreCalls)",
                    null);
        }
    }

    /** The first one after a silence finds out whether it goes on: this process may have stood still, not the store. */
    private boolean findsOut(long now) {
        Doubt present = doubt.get();
        if (present == null || present.since() - lastAnswer < 0) {
            doubt.compareAndSet(present, new Doubt(now));
            return true;
        }
        return now - present.since() < DOUBT_NANOS;
    }

    private void end(long began, boolean answered) {
        underWay.decrementAndGet();
        long now = pacer.nanoTime();
        if ((answered || now - began < SILENCE_NANOS) && now - lastAnswer > GRAIN_NANOS) {
            lastAnswer = now;
        }
    }
}
