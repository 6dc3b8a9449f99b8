package dev.sojourn.histories;

import dev.sojourn.histories.AccessViolation.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds the violated guarantees of a history of tokens, from its operations alone.
 *
 * <p>A request judges its token after its start, and an acknowledged end took effect before its response arrived. So a token is
 * accepted too late if its request <em>started</em> later than the delay after the client <em>had</em> the acknowledgement. No
 * tolerance is added.
 */
final class AccessChecker {
    private final AccessTimes times;
    private final List<AccessViolation> found = new ArrayList<>();

    private AccessChecker(AccessTimes times) {
        this.times = times;
    }

    static List<AccessViolation> check(List<AccessOperation> operations, AccessTimes times) {
        AccessChecker checker = new AccessChecker(times);
        for (AccessFamily family : families(operations, times)) {
            checker.checkResponses(family);
            checker.checkCookies(family);
            checker.checkEnds(family);
            checker.checkRefusals(family);
            checker.checkSuccessors(family);
        }
        return List.copyOf(checker.found);
    }

    /** Returns how many refusals prove something: the same request, accepted, would have violated a guarantee. */
    static long countRefusedInTime(List<AccessOperation> operations, AccessTimes times) {
        return families(operations, times).stream()
                .flatMap(family -> family.operations().stream()
                        .filter(each ->
                                each.isRefused() && family.endBefore(each).isPresent()))
                .count();
    }

    private static List<AccessFamily> families(List<AccessOperation> operations, AccessTimes times) {
        Map<String, List<AccessOperation>> userEnds = operations.stream()
                .filter(each -> each.kind() == AccessKind.END_ALL)
                .collect(Collectors.groupingBy(AccessOperation::user));
        Map<String, List<AccessOperation>> families = operations.stream()
                .collect(Collectors.groupingBy(AccessOperation::family, LinkedHashMap::new, Collectors.toList()));
        return families.values().stream()
                .map(each ->
                        new AccessFamily(each, userEnds.getOrDefault(each.get(0).user(), List.of()), times))
                .toList();
    }

    private void checkResponses(AccessFamily family) {
        for (AccessOperation each : family.operations()) {
            if (each.outcome().status() == AccessOutcome.Status.INVALID) {
                add(Rule.INVALID_RESPONSE, each.outcome().note(), each);
            }
            String seen = each.outcome().seen();
            if (seen != null && !seen.equals(each.family() + "/" + each.user())) {
                add(Rule.FOREIGN_DATA, "the response shows " + seen, each);
            }
        }
    }

    private void checkCookies(AccessFamily family) {
        for (AccessOperation each : family.operations()) {
            AccessOutcome outcome = each.outcome();
            if (!each.isAccepted() && (outcome.access() != null || outcome.refresh() != null)) {
                add(Rule.COOKIE, "a failed request issued a token", each);
            }
            boolean mayClear = each.isAccepted() ? each.kind().ends() : each.isRefused() && hasEnded(family, each);
            if (outcome.cleared() && !mayClear) {
                add(Rule.COOKIE, "a request that ended no session removed the cookie", each);
            }
        }
    }

    private static boolean hasEnded(AccessFamily family, AccessOperation operation) {
        return family.mayHaveEnded(operation.end()) || family.mayBeReused(operation.end());
    }

    private void checkEnds(AccessFamily family) {
        for (AccessOperation each : family.operations()) {
            if (each.isAccepted() && each.kind().provesAccess()) {
                Rule rule =
                        each.kind() == AccessKind.REFRESH ? Rule.REFRESHED_AFTER_LOGOUT : Rule.ACCEPTED_AFTER_LOGOUT;
                family.endBefore(each)
                        .ifPresent(end -> add(rule, "a token was accepted after " + end.kind(), end, each));
            }
        }
    }

    /** A refused session must have ended, and stays refused. */
    private void checkRefusals(AccessFamily family) {
        List<AccessOperation> refusals =
                family.operations().stream().filter(AccessOperation::isRefused).toList();
        for (AccessOperation each : refusals) {
            if (!hasEnded(family, each)) {
                add(Rule.SIGNED_OUT, "no operation ended the session", each);
            }
        }
        for (AccessOperation each : family.operations()) {
            boolean isConflict =
                    each.kind() == AccessKind.LOGIN && each.outcome().note().startsWith("409");
            if (isConflict && !family.mayHaveHit(each)) {
                add(Rule.SIGNED_OUT, "no end of all sessions hit the login", each);
            }
        }
        refusals.stream()
                .min(Comparator.comparingLong(AccessOperation::end))
                .ifPresent(first -> checkStaysRefused(family, first));
    }

    private void checkStaysRefused(AccessFamily family, AccessOperation first) {
        for (AccessOperation each : family.operations()) {
            boolean isLater = each.start() > first.end() + times.delayOn(each.node());
            if (isLater && each.isAccepted() && each.kind().provesAccess()) {
                add(Rule.ACCEPTED_AFTER_REFUSAL, "a refused session is alive again", first, each);
            }
        }
    }

    /** One generation leads to itself or to its only successor, which is not issued before the grace period has passed. */
    private void checkSuccessors(AccessFamily family) {
        Map<Long, AccessOperation> issued = new HashMap<>();
        for (AccessOperation each : family.operations()) {
            String refresh = each.outcome().refresh();
            if (refresh == null) {
                continue;
            }
            long generation = AccessOperation.generationOf(refresh);
            AccessOperation other = issued.putIfAbsent(generation, each);
            if (other != null && !refresh.equals(other.outcome().refresh())) {
                add(Rule.SECOND_SUCCESSOR, "generation " + generation + " was issued in two forms", other, each);
            }
            if (each.kind() == AccessKind.REFRESH) {
                checkSuccessor(family, each, refresh, generation);
            }
        }
    }

    private void checkSuccessor(AccessFamily family, AccessOperation operation, String refresh, long generation) {
        String presented = operation.requireToken();
        long steps = generation - AccessOperation.generationOf(presented);
        if (!AccessOperation.idOf(refresh).equals(AccessOperation.idOf(presented))) {
            add(Rule.SECOND_SUCCESSOR, "the refresh token names another session", operation);
        } else if (steps != 0 && steps != 1 && !(steps == 2 && times.skips())) {
            add(Rule.SECOND_SUCCESSOR, "the refresh token is " + steps + " generations ahead", operation);
        } else if (family.earliestIssue(generation) > operation.end()) {
            add(Rule.SECOND_SUCCESSOR, "the refresh token was replaced again within the grace period", operation);
        }
    }

    private void add(Rule rule, String message, AccessOperation... evidence) {
        found.add(new AccessViolation(rule, message, evidence[0].family(), List.of(evidence)));
    }
}
