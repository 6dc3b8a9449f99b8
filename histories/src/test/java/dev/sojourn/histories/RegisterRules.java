package dev.sojourn.histories;

import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks an attribute that operations set, each to its own number; the last one wins. */
final class RegisterRules {
    private final String owner;
    private final String register;
    private final Map<String, Operation> writes = new HashMap<>();
    private final List<Operation> observations;
    private final List<Violation> found = new ArrayList<>();

    RegisterRules(String owner, List<Operation> operations, String register) {
        this.owner = owner;
        this.register = register;
        this.observations = operations.stream().filter(Operation::isDone).toList();
        operations.stream()
                .filter(each ->
                        each.kind() == OperationKind.SET && each.register().equals(register))
                .forEach(each -> writes.put(Integer.toString(each.id()), each));
    }

    List<Violation> check() {
        for (Operation observation : observations) {
            checkWritten(observation);
        }
        writes.forEach(this::checkNotReverted);
        return found;
    }

    private void checkWritten(Operation observation) {
        String value = valueIn(observation);
        Operation write = value == null ? null : writes.get(value);
        if (value != null && write == null) {
            add(Rule.INVENTED_WRITE, register + " was never set to " + value, observation);
            return;
        }
        if (write != null && (!write.mayBeDone() || write.start() > observation.end())) {
            add(Rule.INVENTED_WRITE, "#" + value + " was refused, but is present", write, observation);
            return;
        }
        for (Operation newer : writes.values()) {
            boolean covered = write == null || write.isBefore(newer);
            if (newer.isDone() && covered && newer.isBefore(observation)) {
                add(
                        Rule.LOST_WRITE,
                        "acknowledged SET #" + newer.id() + " of " + register + " is not visible",
                        newer,
                        observation);
                return;
            }
        }
    }

    /** Checks that no other value is observed between two observations of a value: a replaced value cannot come back. */
    private void checkNotReverted(String value, Operation write) {
        Operation first = null;
        Operation last = null;
        for (Operation observation : observations) {
            if (value.equals(valueIn(observation))) {
                first = first == null || observation.end() < first.end() ? observation : first;
                last = last == null || observation.start() > last.start() ? observation : last;
            }
        }
        if (first == null || last == null) {
            return;
        }
        for (Operation observation : observations) {
            boolean between = observation.start() > first.end() && observation.end() < last.start();
            if (between && !value.equals(valueIn(observation))) {
                add(Rule.REGRESSION, "#" + value + " of " + register + " came back", write, first, observation, last);
                return;
            }
        }
    }

    private @Nullable String valueIn(Operation observation) {
        return observation.outcome().requireView().text(register);
    }

    private void add(Rule rule, String message, Operation... evidence) {
        found.add(new Violation(rule, message, owner, List.of(evidence)));
    }
}
