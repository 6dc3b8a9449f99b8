package dev.sojourn.histories;

import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks a list that operations of one kind append their numbers to. */
final class ListRules {
    private final String owner;
    private final OperationKind kind;
    private final String name;
    private final List<Operation> observations;
    private final Map<Integer, Operation> writes = new HashMap<>();
    private final Set<Integer> reported = new HashSet<>();
    private final List<Violation> found = new ArrayList<>();

    ListRules(String owner, List<Operation> operations, OperationKind kind, String name) {
        this.owner = owner;
        this.kind = kind;
        this.name = name;
        this.observations = operations.stream().filter(Operation::isDone).toList();
        operations.stream().filter(each -> each.kind() == kind).forEach(each -> writes.put(each.id(), each));
    }

    List<Violation> check() {
        Operation longest = null;
        Operation longestSoFar = null;
        for (Operation observation : observations) {
            checkEntries(observation);
            checkComplete(observation);
            if (longest == null || list(observation).size() > list(longest).size()) {
                longest = observation;
            }
        }
        for (Operation observation : observations) {
            if (longest != null && !isPrefix(list(observation), list(longest))) {
                add(Rule.REGRESSION, name + " has two different histories", observation, longest);
                break;
            }
        }
        for (Operation observation : byEnd()) {
            if (longestSoFar == null
                    || list(observation).size() > list(longestSoFar).size()) {
                longestSoFar = observation;
                checkNeverShorter(observation);
            }
        }
        return found;
    }

    private List<Operation> byEnd() {
        return observations.stream()
                .sorted(Comparator.comparingLong(Operation::end))
                .toList();
    }

    private void checkEntries(Operation observation) {
        Set<Integer> once = new HashSet<>();
        for (int id : list(observation)) {
            Operation write = writes.get(id);
            if (!once.add(id)) {
                if (reported.add(-id)) {
                    add(
                            Rule.DOUBLED_WRITE,
                            "#" + id + " is in " + name,
                            write == null ? observation : write,
                            observation);
                }
            } else if (write == null) {
                add(Rule.INVENTED_WRITE, id + " in " + name + " was never written", observation);
            } else if (!write.mayBeDone() || write.start() > observation.end()) {
                add(Rule.INVENTED_WRITE, "#" + id + " is in " + name + " although it was refused", write, observation);
            }
        }
    }

    private void checkComplete(Operation observation) {
        Set<Integer> present = new HashSet<>(list(observation));
        for (Operation write : writes.values()) {
            boolean acknowledged = write.isDone() && (write.equals(observation) || write.isBefore(observation));
            if (acknowledged && !present.contains(write.id()) && reported.add(write.id())) {
                add(
                        Rule.LOST_WRITE,
                        "acknowledged " + kind + " #" + write.id() + " is not in " + name,
                        write,
                        observation);
            }
        }
    }

    private void checkNeverShorter(Operation earlier) {
        for (Operation later : observations) {
            if (earlier.end() < later.start()
                    && list(later).size() < list(earlier).size()) {
                add(Rule.REGRESSION, name + " became shorter", earlier, later);
                return;
            }
        }
    }

    private static boolean isPrefix(List<Integer> some, List<Integer> all) {
        return some.equals(all.subList(0, some.size()));
    }

    private List<Integer> list(Operation observation) {
        return observation.outcome().requireView().list(name);
    }

    private void add(Rule rule, String message, Operation... evidence) {
        found.add(new Violation(rule, message, owner, List.of(evidence)));
    }
}
