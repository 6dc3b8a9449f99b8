package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;

/** How far a request has come. Only advances. Not thread-safe. */
final class RequestPhase {
    private enum Phase {
        OPEN,
        /** The head is complete and may leave at any time. A framework that still holds it back can change it. */
        HEAD_COMPLETE,
        HEAD_GONE,
        CLOSED
    }

    private final Exchange exchange;
    private Phase phase = Phase.OPEN;

    RequestPhase(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Notes that the head is complete. While a framework holds it back it can still be changed. */
    void completeHead() {
        advance(Phase.HEAD_COMPLETE);
    }

    void releaseHead() {
        advance(Phase.HEAD_GONE);
    }

    void close() {
        advance(Phase.CLOSED);
    }

    private void advance(Phase next) {
        if (phase.compareTo(next) < 0) {
            phase = next;
        }
    }

    boolean isHeadGone() {
        return phase.compareTo(Phase.HEAD_GONE) >= 0 || (phase == Phase.HEAD_COMPLETE && exchange.isCommitted());
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }
}
