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
 * Limits the threads that wait for a store that does not respond.
 *
 * <p>A store hangs when more calls than the limit are in progress, none has returned for a second, and a probe call has
 * not returned either. Then further calls are refused, at once and certainly without effect. Any response ends that,
 * and a call that times out makes room for the next one, so nothing has to be reset. Calls to a store that is slow but
 * responds are never refused, however many are in progress.
 *
 * <p>A call that returns within that second counts as a response, failures included: a store that refuses holds no
 * thread.
 */
final class HungCallLimit {
    private static final Duration SILENCE = Duration.ofSeconds(1);
    private static final long SILENCE_NANOS = SILENCE.toNanos();
    /** How long probe calls are let through that check whether a silent store responds. */
    private static final long DOUBT_NANOS = Duration.ofMillis(250).toNanos();
    /** The precision of the last response's time, so that not every call writes a field that all calls read. */
    private static final long GRAIN_NANOS = Duration.ofMillis(10).toNanos();

    private final int max;
    private final RetryPacer pacer;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile long lastResponse;
    /** When probing of a silent store began; valid only if it is later than the last response. */
    private final AtomicReference<@Nullable Doubt> doubt = new AtomicReference<>();

    /** When a request began to probe. */
    private record Doubt(long since) {}

    HungCallLimit(int max, RetryPacer pacer) {
        this.max = max;
        this.pacer = pacer;
    }

    /** Creates the limit for a store; none for the memory store, which never waits. */
    static HungCallLimit of(SessionStore store, int max, RetryPacer pacer) {
        return new HungCallLimit(store instanceof MemoryStore ? Integer.MAX_VALUE : max, pacer);
    }

    /** Makes a call, or refuses it with a {@link StoreException} that is certainly not done. */
    <T> T call(Supplier<T> call) {
        if (max == Integer.MAX_VALUE) {
            return call.get();
        }
        long began = pacer.nanoTime();
        begin(began);
        try {
            T response = call.get();
            noteResponse(pacer.nanoTime());
            return response;
        } catch (RuntimeException | Error e) {
            long now = pacer.nanoTime();
            if (now - began < SILENCE_NANOS) {
                noteResponse(now);
            }
            throw e;
        } finally {
            underWay.decrementAndGet();
        }
    }

    private void begin(long now) {
        int others = underWay.getAndIncrement();
        if (others == 0) {
            lastResponse = now;
        } else if (others >= max && now - lastResponse > SILENCE_NANOS && !mayProbe(now)) {
            underWay.decrementAndGet();
            throw StoreException.notDone(
                    others + " calls are waiting for the store, which has not responded for " + SILENCE
                            + " or longer; further calls are refused until one returns (c.maxHungStoreCalls)",
                    null);
        }
    }

    /** Lets the first call after a silence probe the store: this process may have been suspended, not the store. */
    private boolean mayProbe(long now) {
        Doubt present = doubt.get();
        if (present == null || present.since() - lastResponse < 0) {
            doubt.compareAndSet(present, new Doubt(now));
            return true;
        }
        return now - present.since() < DOUBT_NANOS;
    }

    private void noteResponse(long now) {
        if (now - lastResponse > GRAIN_NANOS) {
            lastResponse = now;
        }
    }
}
