package dev.sojourn.histories;

import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An attribute that operations set, each to its own number; the last one wins. */
final class RegisterRules {
    private final String owner;
    private final String register;
    private final Map<String, Operation> writes = new HashMap<>();
    private final List<Operation> sights;
    private final List<Violation> found = new ArrayList<>();

    RegisterRules(String owner, List<Operation> operations, String register) {
        this.owner = owner;
        this.register = register;
        this.sights = operations.stream().filter(Operation::isDone).toList();
        operations.stream()
                .filter(each -> each.kind() == Kind.SET && each.register().equals(register))
                .forEach(each -> writes.put(Integer.toString(each.id()), each));
    }

    List<Violation> check() {
        for (Operation sight : sights) {
            checkWritten(sight);
        }
        writes.forEach(this::checkNeverBack);
        return found;
    }

    private void checkWritten(Operation sight) {
        String seen = seen(sight);
        Operation write = seen == null ? null : writes.get(seen);
        if (seen != null && write == null) {
            add(Rule.INVENTED_WRITE, "nobody set " + register + " to " + seen, sight);
            return;
        }
        if (write != null && (!write.mayHaveHappened() || write.start() > sight.end())) {
            add(Rule.INVENTED_WRITE, "#" + seen + " was refused and is there", write, sight);
            return;
        }
        for (Operation newer : writes.values()) {
            boolean covered = write == null || write.before(newer);
            if (newer.isDone() && covered && newer.before(sight)) {
                add(
                        Rule.LOST_WRITE,
                        "acknowledged SET #" + newer.id() + " of " + register + " is not seen",
                        newer,
                        sight);
                return;
            }
        }
    }

    /** Between two sightings of a value there is no other one: a set that counted once cannot come back. */
    private void checkNeverBack(String value, Operation write) {
        Operation first = null;
        Operation last = null;
        for (Operation sight : sights) {
            if (value.equals(seen(sight))) {
                first = first == null || sight.end() < first.end() ? sight : first;
                last = last == null || sight.start() > last.start() ? sight : last;
            }
        }
        if (first == null || last == null) {
            return;
        }
        for (Operation sight : sights) {
            boolean between = sight.start() > first.end() && sight.end() < last.start();
            if (between && !value.equals(seen(sight))) {
                add(Rule.WENT_BACK, "#" + value + " of " + register + " came back", write, first, sight, last);
                return;
            }
        }
    }

    private @Nullable String seen(Operation sight) {
        return sight.answer().seen().text(register);
    }

    private void add(Rule rule, String what, Operation... proof) {
        found.add(new Violation(rule, what, owner, List.of(proof)));
    }
}
