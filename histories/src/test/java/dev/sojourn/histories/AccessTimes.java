package dev.sojourn.histories;

import java.time.Duration;

/**
 * The times that the guarantees name, in real nanoseconds.
 *
 * @param delay how long another node may accept a token after a logout
 * @param grace how long a generation of a refresh token is current at least, and how long its predecessor is accepted
 */
record AccessTimes(long delay, long grace) {
    /** The default delay of revocations: two seconds of the machine's time. */
    static final Duration DELAY = Duration.ofSeconds(2L * NodeClock.SPEED);

    /** As documented in the record format, which keeps its beginning in whole milliseconds. */
    private static final Duration GRACE = Duration.ofSeconds(30).minusMillis(1);

    /** Returns the times of nodes whose clock is a {@link NodeClock}. */
    static AccessTimes ofNodes() {
        return new AccessTimes(NodeClock.realNanos(DELAY), NodeClock.realNanos(GRACE));
    }
}
