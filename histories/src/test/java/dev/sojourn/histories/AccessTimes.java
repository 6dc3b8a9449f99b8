package dev.sojourn.histories;

import java.time.Duration;

/**
 * The times that the guarantees name, in real nanoseconds.
 *
 * @param delay how long another node may accept a token after a logout
 * @param grace how long a generation of a refresh token is current at least, and how long its predecessor is accepted
 * @param tolerance how long {@link AccessMode#TOLERANT_NODE} may accept a token after a logout on the other node
 * @param skips whether a refresh token may skip its successor once, because the response with it may have been lost
 */
record AccessTimes(long delay, long grace, long tolerance, boolean skips) {
    /** The default delay of revocations: two seconds of the machine's time. */
    static final Duration DELAY = Duration.ofSeconds(2L * NodeClock.SPEED);

    /** As documented in the record format, which keeps its beginning in whole milliseconds. */
    private static final Duration GRACE = Duration.ofSeconds(30).minusMillis(1);

    /** Creates the times of nodes with the default options. */
    AccessTimes(long delay, long grace) {
        this(delay, grace, delay, false);
    }

    /** Returns how long a node may accept a token after a logout on another one. */
    long delayOn(int node) {
        return node == AccessMode.TOLERANT_NODE ? tolerance : delay;
    }

    /** Returns the times of nodes whose clock is a {@link NodeClock}. */
    static AccessTimes ofNodes() {
        return new AccessTimes(NodeClock.realNanos(DELAY), NodeClock.realNanos(GRACE));
    }
}
