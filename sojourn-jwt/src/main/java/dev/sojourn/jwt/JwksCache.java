package dev.sojourn.jwt;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.jwt.JwksRequest.JwksSource;
import dev.sojourn.spi.LogText;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one issuer, fetched by the requests that need them. There is no thread, and one request fetches at a time.
 *
 * <table>
 * <caption>What a request does</caption>
 * <tr><th>the key set</th><th>the request</th></tr>
 * <tr><td>younger than 4 minutes, has the key</td><td>uses it</td></tr>
 * <tr><td>4 to 5 minutes old, has the key</td><td>one fetches, the others use it</td></tr>
 * <tr><td>5 minutes to 1 hour old, has the key</td><td>one fetches, the others wait for that; if the last fetch failed,
 * they use it. A failed fetch leaves the set as it is</td></tr>
 * <tr><td>lacks the key</td><td>fetches, at most every 30 s</td></tr>
 * <tr><td>absent, or older than 1 hour</td><td>fetches, after a failure at most every 5 s</td></tr>
 * </table>
 *
 * <p>Without the key after that: the token is refused if the last fetch succeeded, and the keys are unavailable (503) if
 * it failed. All times are those that callers pass in, so a clock that jumps causes at most an early fetch.
 *
 * <p>Thread-safe. Blocks while it fetches or waits.
 */
final class JwksCache {
    private static final Duration REFRESH_AFTER = Duration.ofMinutes(4);
    private static final Duration WAIT_AFTER = Duration.ofMinutes(5);
    private static final Duration USABLE_FOR = Duration.ofHours(1);
    private static final Duration UNKNOWN_KEY_PAUSE = Duration.ofSeconds(30);
    private static final Duration FAILURE_PAUSE = Duration.ofSeconds(5);

    /** Requests that run concurrently may pass their times in another order. */
    private static final Duration DISORDER = Duration.ofMinutes(1);

    private final String issuer;
    private final JwksSource source;
    private final AtomicReference<KeySet> known = new AtomicReference<>(KeySet.NONE);
    private final AtomicReference<@Nullable Fetch> running = new AtomicReference<>();

    JwksCache(String issuer, JwksSource source) {
        this.issuer = issuer;
        this.source = source;
    }

    /**
     * What the last fetches brought.
     *
     * @param keys the keys of the last fetch that succeeded
     * @param fetchedAt when that was; {@link #NEVER} if none has
     * @param triedAt when the last fetch began; {@link #NEVER} if there was none
     * @param failure why the last fetch failed; null if it succeeded
     */
    private record KeySet(
            Map<String, VerificationKey> keys,
            Instant fetchedAt,
            Instant triedAt,
            @Nullable Exception failure) {
        /** Early enough to be long ago, and late enough to calculate with. */
        static final Instant NEVER = Instant.MIN.plus(Duration.ofDays(1));

        static final KeySet NONE = new KeySet(Map.of(), NEVER, NEVER, null);

        boolean isUsable(Instant now) {
            return isWithin(USABLE_FOR, fetchedAt, now);
        }

        boolean has(String id, Instant now) {
            return keys.containsKey(id) && isUsable(now);
        }

        boolean isFetchDue(String id, Instant now) {
            if (has(id, now)) {
                return !isWithin(REFRESH_AFTER, fetchedAt, now) && !isWithin(UNKNOWN_KEY_PAUSE, triedAt, now);
            }
            return !isWithin(isUsable(now) ? UNKNOWN_KEY_PAUSE : FAILURE_PAUSE, triedAt, now);
        }

        /** Returns whether a request has to wait for a fetch of another request. */
        boolean isToBeReplaced(String id, Instant now) {
            return !has(id, now) || (failure == null && !isWithin(WAIT_AFTER, fetchedAt, now));
        }

        /** Returns whether less than a duration has passed. A time that lies clearly ahead is that of a wrong clock. */
        private static boolean isWithin(Duration duration, Instant since, Instant now) {
            return now.isBefore(since.plus(duration)) && !now.isBefore(since.minus(DISORDER));
        }
    }

    /** One fetch, and what others wait for. */
    private static final class Fetch {
        final JwksRequest request;
        final CompletableFuture<KeySet> done = new CompletableFuture<>();

        Fetch(JwksSource source) {
            request = new JwksRequest(source);
        }
    }

    /**
     * Returns a key.
     *
     * @param id its id
     * @param now the time
     * @return the key, or empty if the issuer does not have it
     * @throws SessionUnavailableException if that cannot be found out at present
     */
    Optional<VerificationKey> find(String id, Instant now) {
        KeySet set = known();
        if (set.isFetchDue(id, now)) {
            set = fetchOrWait(id, now);
        } else if (running.get() != null && set.isToBeReplaced(id, now)) {
            set = fetchOrWait(id, now);
        }
        if (set.has(id, now)) {
            return Optional.of(Objects.requireNonNull(set.keys.get(id)));
        }
        if (set.failure != null || !set.isUsable(now)) {
            throw unavailable(set.failure);
        }
        return Optional.empty();
    }

    private KeySet known() {
        return Objects.requireNonNull(known.get());
    }

    private KeySet fetchOrWait(String id, Instant now) {
        Fetch mine = new Fetch(source);
        Fetch other = running.compareAndExchange(null, mine);
        if (other == null) {
            return fetch(mine, id, now);
        }
        if (other.request.isOverdue()) {
            other.request.abort();
        }
        KeySet set = known();
        return set.isToBeReplaced(id, now) ? await(other, id, now) : set;
    }

    private KeySet fetch(Fetch mine, String id, Instant now) {
        KeySet before = known();
        KeySet after = before;
        try {
            // Another request may have fetched since this one looked.
            if (before.isFetchDue(id, now)) {
                after = fetch(mine.request, before, now);
                known.set(after);
            }
        } finally {
            running.set(null);
            mine.done.complete(after);
        }
        return after;
    }

    private KeySet fetch(JwksRequest request, KeySet before, Instant now) {
        try {
            return new KeySet(JwksDocument.read(request.fetch()), now, now, null);
        } catch (IOException | RuntimeException e) {
            if (before.failure == null) {
                String rest = before.isUsable(now) ? "; its last good keys are used for up to an hour" : "";
                System.getLogger("dev.sojourn").log(Level.WARNING, message(e) + rest);
            }
            return new KeySet(before.keys, before.fetchedAt, now, e);
        }
    }

    private KeySet await(Fetch other, String id, Instant now) {
        try {
            return other.done.get(source.longest().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            KeySet set = known();
            if (set.has(id, now)) {
                return set;
            }
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private SessionUnavailableException unavailable(@Nullable Exception cause) {
        return new SessionUnavailableException(Reason.KEYS_UNAVAILABLE, message(cause), cause);
    }

    private String message(@Nullable Exception cause) {
        String why = cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
        return "the keys of the issuer " + LogText.text(issuer) + " cannot be fetched from " + source.address() + ": "
                + LogText.text(why);
    }
}
