package dev.sojourn.histories;

import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Says which promises a history breaks. Pure: it knows the operations and nothing else.
 *
 * <p>Every operation took effect at one instant between its beginning and its end, if it was acknowledged; at one instant
 * after its beginning or never, if its outcome is unknown; never, if it was refused. A list that every append of a
 * session goes to makes that checkable without a search: what was read must be beginnings of one and the same list, hold
 * every append acknowledged before the reading began, none twice, and none that was refused.
 */
final class Checker {
    private Checker() {}

    static List<Violation> check(List<Operation> operations) {
        Map<String, List<Operation>> byOwner = operations.stream()
                .collect(Collectors.groupingBy(Operation::owner, LinkedHashMap::new, Collectors.toList()));
        Map<String, List<Operation>> endersByUser = operations.stream()
                .filter(each -> each.kind().endsOthers())
                .collect(Collectors.groupingBy(Operation::user));
        List<Violation> found = new ArrayList<>(CookieRules.tokensGivenTwice(operations));
        byOwner.forEach((owner, own) -> found.addAll(checkOne(owner, own, endersByUser)));
        return List.copyOf(found);
    }

    private static List<Violation> checkOne(
            String owner, List<Operation> operations, Map<String, List<Operation>> endersByUser) {
        List<Operation> userEnders = operations.isEmpty()
                ? List.of()
                : endersByUser.getOrDefault(operations.get(0).user(), List.of());
        Tokens tokens = Tokens.of(operations, userEnders);
        List<Violation> found = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation.answer().meaning() == Answer.Meaning.ABSURD) {
                found.add(new Violation(Rule.ABSURD_ANSWER, operation.answer().note(), owner, List.of(operation)));
            }
        }
        found.addAll(CookieRules.check(operations));
        found.addAll(new LifeRules(owner, operations, tokens).check());
        found.addAll(new ListRules(owner, operations, Kind.MARK, View.MARKS).check());
        found.addAll(new ListRules(owner, operations, Kind.NAIVE, View.NAIVE).check());
        found.addAll(new CountRules(owner, operations).check());
        for (String register : View.REGISTERS) {
            found.addAll(new RegisterRules(owner, operations, register).check());
        }
        return found;
    }
}
