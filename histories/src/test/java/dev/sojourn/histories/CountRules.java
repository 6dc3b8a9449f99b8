package dev.sojourn.histories;

import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A number that operations add one to. */
final class CountRules {
    private final String owner;
    private final List<Operation> counts;
    private final List<Operation> sights;
    private final List<Violation> found = new ArrayList<>();

    CountRules(String owner, List<Operation> operations) {
        this.owner = owner;
        this.counts =
                operations.stream().filter(each -> each.kind() == Kind.COUNT).toList();
        this.sights = operations.stream().filter(Operation::isDone).toList();
    }

    List<Violation> check() {
        checkDifferent();
        for (Operation sight : sights) {
            checkBounds(sight, sight.answer().seen().number(View.COUNT));
        }
        checkNeverLess();
        return found;
    }

    /** Two increments that were told the same sum: one of them is lost. */
    private void checkDifferent() {
        Map<Integer, Operation> told = new HashMap<>();
        for (Operation count : counts) {
            if (count.isDone()) {
                int sum = count.answer().seen().number(View.RESULT);
                Operation other = told.putIfAbsent(sum, count);
                if (other != null) {
                    add(Rule.LOST_WRITE, "two increments made " + sum, other, count);
                }
                checkBounds(count, sum);
            }
        }
    }

    private void checkBounds(Operation sight, int sum) {
        long least = counts.stream()
                .filter(each -> each.isDone() && (each.equals(sight) || each.before(sight)))
                .count();
        long most = counts.stream()
                .filter(each -> each.mayHaveHappened() && each.start() < sight.end())
                .count();
        if (sum < least) {
            add(Rule.LOST_WRITE, least + " increments were acknowledged before, and the sum was " + sum, sight);
        } else if (sum > most) {
            add(Rule.DOUBLED_WRITE, most + " increments at most can have happened, and the sum was " + sum, sight);
        }
    }

    private void checkNeverLess() {
        for (Operation earlier : sights) {
            for (Operation later : sights) {
                boolean less = later.answer().seen().number(View.COUNT)
                        < earlier.answer().seen().number(View.COUNT);
                if (earlier.end() < later.start() && less) {
                    add(Rule.WENT_BACK, "the sum became less", earlier, later);
                    return;
                }
            }
        }
    }

    private void add(Rule rule, String what, Operation... proof) {
        found.add(new Violation(rule, what, owner, List.of(proof)));
    }
}
