package dev.sojourn.histories;

import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds the violated guarantees of a history, from its operations alone.
 *
 * <p>An acknowledged operation took effect at one instant between its start and its end; one with an unknown outcome at one
 * instant after its start, or never; a refused one never. All appends of a session go to one list, which makes this checkable
 * without a search: all observed lists must be prefixes of the same list, and must contain every append that was acknowledged
 * before the observation started, none twice, and none that was refused.
 */
final class Checker {
    private Checker() {}

    static List<Violation> check(List<Operation> operations) {
        Map<String, List<Operation>> byOwner = operations.stream()
                .collect(Collectors.groupingBy(Operation::owner, LinkedHashMap::new, Collectors.toList()));
        Map<String, List<Operation>> endsByUser = operations.stream()
                .filter(each -> each.kind().mayEndOthers())
                .collect(Collectors.groupingBy(Operation::user));
        List<Violation> found = new ArrayList<>(CookieRules.checkTokensUnique(operations));
        byOwner.forEach((owner, ownOperations) -> found.addAll(checkOne(owner, ownOperations, endsByUser)));
        return List.copyOf(found);
    }

    private static List<Violation> checkOne(
            String owner, List<Operation> operations, Map<String, List<Operation>> endsByUser) {
        List<Operation> userEnds = operations.isEmpty()
                ? List.of()
                : endsByUser.getOrDefault(operations.get(0).user(), List.of());
        TokenHistory tokens = TokenHistory.of(operations, userEnds);
        List<Violation> found = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation.outcome().status() == OperationOutcome.Status.INVALID) {
                found.add(
                        new Violation(Rule.INVALID_RESPONSE, operation.outcome().note(), owner, List.of(operation)));
            }
        }
        found.addAll(CookieRules.check(operations));
        found.addAll(new LifecycleRules(owner, operations, tokens).check());
        found.addAll(new ListRules(owner, operations, OperationKind.MARK, SessionView.MARKS).check());
        found.addAll(new ListRules(owner, operations, OperationKind.NAIVE, SessionView.NAIVE).check());
        found.addAll(new CounterRules(owner, operations).check());
        for (String register : SessionView.REGISTERS) {
            found.addAll(new RegisterRules(owner, operations, register).check());
        }
        return found;
    }
}
