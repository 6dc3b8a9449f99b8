package dev.sojourn.histories;

import dev.sojourn.histories.AccessOutcome.Status;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a history shows about one session: when it began, what ended it, and when its refresh token can have rotated. */
final class AccessFamily {
    private final List<AccessOperation> operations;
    private final List<AccessOperation> userEnds;
    private final AccessTimes times;
    private final @Nullable AccessOperation login;
    /** For each generation, when a client first presented it. */
    private final TreeMap<Long, Long> firstPresented = new TreeMap<>();

    /**
     * Creates a family.
     *
     * @param operations the operations with its tokens, in the order of their start
     * @param userEnds the ends of all sessions of its user
     */
    AccessFamily(List<AccessOperation> operations, List<AccessOperation> userEnds, AccessTimes times) {
        this.operations = operations;
        this.userEnds = userEnds;
        this.times = times;
        this.login = operations.stream()
                .filter(each -> each.kind() == AccessKind.LOGIN && each.isAccepted())
                .findFirst()
                .orElse(null);
        for (AccessOperation each : operations) {
            if (isExchange(each)) {
                firstPresented.putIfAbsent(AccessOperation.generationOf(each.requireToken()), each.start());
            }
        }
    }

    /** Returns whether a node may have judged a refresh token of this session, whatever it decided. */
    private static boolean isExchange(AccessOperation operation) {
        return operation.kind() == AccessKind.REFRESH && operation.outcome().status() != Status.NOT_DONE;
    }

    List<AccessOperation> operations() {
        return operations;
    }

    /** Returns an acknowledged end after which this operation must not have been accepted. */
    Optional<AccessOperation> endBefore(AccessOperation operation) {
        return Stream.concat(
                        operations.stream().filter(each -> each.kind().endsOne()),
                        userEnds.stream().filter(this::existedBefore))
                .filter(end -> isTooLate(operation, end))
                .findFirst();
    }

    private boolean existedBefore(AccessOperation end) {
        return login != null && login.end() < end.start();
    }

    private boolean isTooLate(AccessOperation operation, AccessOperation end) {
        if (!end.isAccepted()) {
            return false;
        }
        boolean atOnce = operation.kind().readsStore() || operation.node() == end.node();
        return operation.start() > end.end() + (atOnce ? 0 : times.delayOn(operation.node()));
    }

    /** Returns whether an operation may have ended the session before an instant. */
    boolean mayHaveEnded(long before) {
        long began = login == null ? Long.MIN_VALUE : login.start();
        return operations.stream().anyMatch(each -> each.kind().endsOne() && each.mayBeDone() && each.start() < before)
                || userEnds.stream()
                        .anyMatch(each -> each.mayBeDone() && each.start() < before && each.latestEffect() >= began);
    }

    /** Returns whether an end of all sessions may have hit a login. */
    boolean mayHaveHit(AccessOperation attempt) {
        return userEnds.stream()
                .anyMatch(each ->
                        each.mayBeDone() && each.start() < attempt.end() && each.latestEffect() >= attempt.start());
    }

    /**
     * Returns whether a node may have taken a request for the use of a stolen refresh token before an instant: it judged the
     * token later than the grace period after another request may have replaced it.
     */
    boolean mayBeReused(long before) {
        List<AccessOperation> late = operations.stream()
                .filter(each -> isExchange(each) && each.start() < before)
                .filter(each -> {
                    long replaced = earliestIssue(AccessOperation.generationOf(each.requireToken()) + 1);
                    return replaced != Long.MAX_VALUE && each.latestDecision() - replaced >= times.grace();
                })
                .toList();
        return times.skips() ? late.size() > 1 || late.stream().anyMatch(this::isSuccessorUsed) : !late.isEmpty();
    }

    /** Returns whether a client had a successor of an operation's refresh token and presented it: then none was lost. */
    private boolean isSuccessorUsed(AccessOperation operation) {
        return firstPresented.lastKey() > AccessOperation.generationOf(operation.requireToken());
    }

    /**
     * Returns the earliest instant at which a generation can have been issued: its predecessor was current for the grace
     * period, and was then presented, or the one before, if that may skip it.
     *
     * @return the instant; {@link Long#MAX_VALUE} if no client presented a token that leads to it
     */
    long earliestIssue(long generation) {
        if (login == null || login.outcome().refresh() == null) {
            return Long.MAX_VALUE;
        }
        long issue = login.start();
        for (long each = AccessOperation.generationOf(login.outcome().refresh()); each < generation; each++) {
            long presented = firstPresented.getOrDefault(each, Long.MAX_VALUE);
            if (times.skips()) {
                presented = Math.min(presented, firstPresented.getOrDefault(each - 1, Long.MAX_VALUE));
            }
            if (presented == Long.MAX_VALUE) {
                return Long.MAX_VALUE;
            }
            issue = Math.max(presented, issue + times.grace());
        }
        return issue;
    }
}
