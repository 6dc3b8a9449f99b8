package dev.sojourn.histories;

import java.time.Duration;
import java.util.List;

/**
 * The time in which a master acknowledges what its replicas may not have: from a moment before it broke until it serves
 * nobody any more. What such a master said is worth nothing, whatever it was; what was said before and after is worth all.
 */
final class Outage {
    /** How long a replica may lag behind. */
    private static final Duration SLACK = Duration.ofMillis(250);

    private volatile long from = Long.MAX_VALUE;
    private volatile long to = Long.MAX_VALUE;

    Outage() {}

    /** One that is over. */
    Outage(long from, long to) {
        this.from = from;
        this.to = to;
    }

    /**
     * The master is about to break.
     *
     * @return when
     */
    long begins() {
        long now = System.nanoTime();
        from = now - SLACK.toNanos();
        return now;
    }

    /** The former master is dead, or follows the new one. */
    void ends() {
        to = System.nanoTime();
    }

    boolean touches(Operation operation) {
        return operation.end() >= from && operation.start() <= to;
    }

    /**
     * The same history as somebody tells it who believes no acknowledgement of this time: what was done may or may not have
     * been, and what was seen was seen by nobody. All that is wrong in it is wrong without excuse.
     */
    List<Operation> disbelieved(List<Operation> operations) {
        return operations.stream()
                .map(each -> each.isDone() && touches(each) ? inDoubt(each) : each)
                .toList();
    }

    private static Operation inDoubt(Operation operation) {
        Answer answer = operation.answer();
        Answer doubted = new Answer(Answer.Meaning.UNKNOWN, null, answer.given(), false, answer.note());
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
                doubted);
    }
}
