package dev.sojourn.histories;

import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A list that operations of one kind append their numbers to. */
final class ListRules {
    private final String owner;
    private final Kind kind;
    private final String name;
    private final List<Operation> sights;
    private final Map<Integer, Operation> writes = new HashMap<>();
    private final Set<Integer> told = new HashSet<>();
    private final List<Violation> found = new ArrayList<>();

    ListRules(String owner, List<Operation> operations, Kind kind, String name) {
        this.owner = owner;
        this.kind = kind;
        this.name = name;
        this.sights = operations.stream().filter(Operation::isDone).toList();
        operations.stream().filter(each -> each.kind() == kind).forEach(each -> writes.put(each.id(), each));
    }

    List<Violation> check() {
        Operation longest = null;
        Operation longestSoFar = null;
        for (Operation sight : sights) {
            checkEntries(sight);
            checkComplete(sight);
            if (longest == null || list(sight).size() > list(longest).size()) {
                longest = sight;
            }
        }
        for (Operation sight : sights) {
            if (longest != null && !isBeginning(list(sight), list(longest))) {
                add(Rule.WENT_BACK, name + " has two different histories", sight, longest);
                break;
            }
        }
        for (Operation sight : byEnd()) {
            if (longestSoFar == null || list(sight).size() > list(longestSoFar).size()) {
                longestSoFar = sight;
                checkNeverShorter(sight);
            }
        }
        return found;
    }

    private List<Operation> byEnd() {
        return sights.stream().sorted(Comparator.comparingLong(Operation::end)).toList();
    }

    private void checkEntries(Operation sight) {
        Set<Integer> once = new HashSet<>();
        for (int id : list(sight)) {
            Operation write = writes.get(id);
            if (!once.add(id)) {
                if (told.add(-id)) {
                    add(Rule.DOUBLED_WRITE, "#" + id + " is twice in " + name, write == null ? sight : write, sight);
                }
            } else if (write == null) {
                add(Rule.INVENTED_WRITE, "nobody wrote " + id + " into " + name, sight);
            } else if (!write.mayHaveHappened() || write.start() > sight.end()) {
                add(Rule.INVENTED_WRITE, "#" + id + " is in " + name + " though it was refused", write, sight);
            }
        }
    }

    private void checkComplete(Operation sight) {
        Set<Integer> there = new HashSet<>(list(sight));
        for (Operation write : writes.values()) {
            boolean acknowledged = write.isDone() && (write.equals(sight) || write.before(sight));
            if (acknowledged && !there.contains(write.id()) && told.add(write.id())) {
                add(Rule.LOST_WRITE, "acknowledged " + kind + " #" + write.id() + " is not in " + name, write, sight);
            }
        }
    }

    private void checkNeverShorter(Operation earlier) {
        for (Operation later : sights) {
            if (earlier.end() < later.start()
                    && list(later).size() < list(earlier).size()) {
                add(Rule.WENT_BACK, name + " became shorter", earlier, later);
                return;
            }
        }
    }

    private static boolean isBeginning(List<Integer> some, List<Integer> all) {
        return some.equals(all.subList(0, some.size()));
    }

    private List<Integer> list(Operation sight) {
        return sight.answer().seen().list(name);
    }

    private void add(Rule rule, String what, Operation... proof) {
        found.add(new Violation(rule, what, owner, List.of(proof)));
    }
}
