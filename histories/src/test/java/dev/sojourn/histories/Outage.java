package dev.sojourn.histories;

import java.time.Duration;
import java.util.List;

/**
 * The period in which a master acknowledges writes that its replicas may not have: from shortly before its failure until it
 * serves no client. Acknowledgements of this period count as unknown; those before and after it must hold.
 */
final class Outage {
    /** The maximum replication lag. */
    private static final Duration SLACK = Duration.ofMillis(250);

    private volatile long from = Long.MAX_VALUE;
    private volatile long to = Long.MAX_VALUE;

    Outage() {}

    /** Creates an outage with these limits. */
    Outage(long from, long to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Marks the start: the master is about to fail.
     *
     * @return the current time in nanoseconds
     */
    long start() {
        long now = System.nanoTime();
        from = now - SLACK.toNanos();
        return now;
    }

    /** Marks the end: the former master is dead, or follows the new one. */
    void end() {
        to = System.nanoTime();
    }

    boolean overlaps(Operation operation) {
        return overlaps(operation.start(), operation.end());
    }

    /** Returns whether a request from one instant to another may have been acknowledged in this period. */
    boolean overlaps(long start, long end) {
        return end >= from && start <= to;
    }

    /**
     * Returns the history with every acknowledgement of this period as an unknown outcome without a view. The outage excuses no
     * violation in this history.
     */
    List<Operation> withUnknownOutcomes(List<Operation> operations) {
        return operations.stream()
                .map(each -> each.isDone() && overlaps(each) ? asUnknown(each) : each)
                .toList();
    }

    private static Operation asUnknown(Operation operation) {
        OperationOutcome outcome = operation.outcome();
        OperationOutcome unknown =
                new OperationOutcome(OperationOutcome.Status.UNKNOWN, null, outcome.newToken(), false, outcome.note());
        return new Operation(
                operation.id(),
                operation.kind(),
                operation.owner(),
                operation.user(),
                operation.register(),
                operation.token(),
                operation.node(),
                operation.start(),
                operation.end(),
                unknown);
    }
}
