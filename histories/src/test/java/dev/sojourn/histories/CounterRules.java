package dev.sojourn.histories;

import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks the counter that operations increment. */
final class CounterRules {
    private final String owner;
    private final List<Operation> counts;
    private final List<Operation> observations;
    private final List<Violation> found = new ArrayList<>();

    CounterRules(String owner, List<Operation> operations) {
        this.owner = owner;
        this.counts = operations.stream()
                .filter(each -> each.kind() == OperationKind.COUNT)
                .toList();
        this.observations = operations.stream().filter(Operation::isDone).toList();
    }

    List<Violation> check() {
        checkDistinct();
        for (Operation observation : observations) {
            checkBounds(observation, observation.outcome().requireView().number(SessionView.COUNT));
        }
        checkNonDecreasing();
        return found;
    }

    /** Two increments with the same result: one of them is lost. */
    private void checkDistinct() {
        Map<Integer, Operation> bySum = new HashMap<>();
        for (Operation count : counts) {
            if (count.isDone()) {
                int sum = count.outcome().requireView().number(SessionView.RESULT);
                Operation other = bySum.putIfAbsent(sum, count);
                if (other != null) {
                    add(Rule.LOST_WRITE, "two increments returned " + sum, other, count);
                }
                checkBounds(count, sum);
            }
        }
    }

    private void checkBounds(Operation observation, int sum) {
        long minimum = counts.stream()
                .filter(each -> each.isDone() && (each.equals(observation) || each.isBefore(observation)))
                .count();
        long maximum = counts.stream()
                .filter(each -> each.mayBeDone() && each.start() < observation.end())
                .count();
        if (sum < minimum) {
            add(Rule.LOST_WRITE, minimum + " increments were acknowledged before, and the sum was " + sum, observation);
        } else if (sum > maximum) {
            add(
                    Rule.DOUBLED_WRITE,
                    "at most " + maximum + " increments are possible, and the sum was " + sum,
                    observation);
        }
    }

    private void checkNonDecreasing() {
        for (Operation earlier : observations) {
            for (Operation later : observations) {
                boolean less = later.outcome().requireView().number(SessionView.COUNT)
                        < earlier.outcome().requireView().number(SessionView.COUNT);
                if (earlier.end() < later.start() && less) {
                    add(Rule.REGRESSION, "the sum decreased", earlier, later);
                    return;
                }
            }
        }
    }

    private void add(Rule rule, String message, Operation... evidence) {
        found.add(new Violation(rule, message, owner, List.of(evidence)));
    }
}
