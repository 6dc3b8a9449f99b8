package dev.sojourn.proof.interleavings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All schedules of some requests, one after the other, depth first. The tree of decisions is not known beforehand; a run
 * says at each fork which steps are possible.
 *
 * <p>Two schedules that differ only in the order of neighbouring steps that do not see each other (calls on different
 * records, or two loads) end alike, so only one of them is run: sleep sets, as in Godefroid, "Partial-Order Methods for
 * the Verification of Concurrent Systems" (1996). A step that was tried at a fork sleeps in the branches beside it until a
 * step that it depends on is taken.
 */
final class Schedules {
    private final List<Fork> path = new ArrayList<>();
    private int at;

    private static final class Fork {
        final List<Step> ways;
        final Set<Step> asleep;
        int chosen;

        Fork(List<Step> ways, Set<Step> asleep) {
            this.ways = ways;
            this.asleep = asleep;
        }

        Step step() {
            return ways.get(chosen);
        }

        /** What sleeps after the chosen step: what slept or was tried here before, unless it depends on that step. */
        Set<Step> asleepBelow() {
            Set<Step> below = new HashSet<>(asleep);
            below.addAll(ways.subList(0, chosen));
            below.removeIf(step -> step.dependsOn(step()));
            return below;
        }
    }

    /** The step to take at this fork; null if every order that begins like this is like one that was run before. */
    @Nullable
    Step choose(List<Step> possible) {
        if (at == path.size()) {
            Set<Step> asleep = at == 0 ? Set.of() : path.get(at - 1).asleepBelow();
            List<Step> ways =
                    possible.stream().filter(step -> !asleep.contains(step)).toList();
            if (ways.isEmpty()) {
                return null;
            }
            path.add(new Fork(ways, asleep));
        }
        Step step = path.get(at++).step();
        if (!possible.contains(step)) {
            throw new IllegalStateException("the same decisions led to another fork: the run is not deterministic");
        }
        return step;
    }

    /** Turns to the next schedule; false when all have been run. */
    boolean next() {
        at = 0;
        while (!path.isEmpty()) {
            Fork last = path.get(path.size() - 1);
            if (last.chosen + 1 < last.ways.size()) {
                last.chosen++;
                return true;
            }
            path.remove(path.size() - 1);
        }
        return false;
    }

    /** This schedule, to read and to repeat. */
    @Override
    public String toString() {
        return path.stream().map(fork -> fork.step().toString()).toList().toString();
    }
}
