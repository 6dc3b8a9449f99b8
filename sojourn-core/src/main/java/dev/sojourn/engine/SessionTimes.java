package dev.sojourn.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a session ends, as a page may know it.
 *
 * @param now the time, by the sessions' clock
 * @param end when the session ends if it is not used again; not after {@code now} if there is no session
 * @param absoluteEnd when it ends in any case; null if its absolute timeout is switched off, or if there is no session
 * @param idleTimeout the session's idle timeout; zero for none
 * @param signedIn whether a user is signed in
 */
record SessionTimes(Instant now, Instant end, @Nullable Instant absoluteEnd, Duration idleTimeout, boolean signedIn) {
    /** Returns the times of a client without a session. */
    static SessionTimes none(Instant now) {
        return new SessionTimes(now, now, null, Duration.ZERO, false);
    }

    /** Returns the times of the session once its idle timeout has been restarted: never earlier than these. */
    SessionTimes extended() {
        Instant idleEnd = idleTimeout.isZero() ? end : now.plus(idleTimeout);
        Instant extended = absoluteEnd != null && idleEnd.isAfter(absoluteEnd) ? absoluteEnd : idleEnd;
        return new SessionTimes(now, extended.isBefore(end) ? end : extended, absoluteEnd, idleTimeout, signedIn);
    }

    /** Returns the times as a JSON object of three members. */
    String toJson() {
        return "{\"endsIn\":" + seconds(end) + ",\"absolute\":" + (absoluteEnd == null ? "null" : seconds(absoluteEnd))
                + ",\"signedIn\":" + signedIn + "}";
    }

    private long seconds(Instant until) {
        return Math.max(0, Duration.between(now, until).toSeconds());
    }
}
