package dev.sojourn.proof.interleavings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Enumerates all schedules of some requests, depth first. The tree of decisions is not known in advance; each run provides the
 * possible steps at each fork.
 *
 * <p>Two schedules that differ only in the order of adjacent independent steps (calls on different records, or two loads) have
 * equal results, so only one of them runs. This uses sleep sets, as in Godefroid, "Partial-Order Methods for the Verification of
 * Concurrent Systems" (1996): a step that was tried at a fork sleeps in the sibling branches until a step that it depends on is
 * taken.
 */
final class Schedules {
    private final List<Fork> path = new ArrayList<>();
    private int at;

    private static final class Fork {
        final List<Step> steps;
        final Set<Step> sleeping;
        int chosen;

        Fork(List<Step> steps, Set<Step> sleeping) {
            this.steps = steps;
            this.sleeping = sleeping;
        }

        Step step() {
            return steps.get(chosen);
        }

        /** Returns the steps that slept or were tried here and are independent of the chosen step. */
        Set<Step> sleepSetAfterStep() {
            Set<Step> sleepingAfter = new HashSet<>(sleeping);
            sleepingAfter.addAll(steps.subList(0, chosen));
            sleepingAfter.removeIf(step -> step.dependsOn(step()));
            return sleepingAfter;
        }
    }

    /** Returns the step to take at this fork; null if every schedule with this prefix is equivalent to one that has run. */
    @Nullable
    Step choose(List<Step> possible) {
        if (at == path.size()) {
            Set<Step> sleeping = at == 0 ? Set.of() : path.get(at - 1).sleepSetAfterStep();
            List<Step> steps =
                    possible.stream().filter(step -> !sleeping.contains(step)).toList();
            if (steps.isEmpty()) {
                return null;
            }
            path.add(new Fork(steps, sleeping));
        }
        Step step = path.get(at++).step();
        if (!possible.contains(step)) {
            throw new IllegalStateException("the same decisions led to another fork: the run is not deterministic");
        }
        return step;
    }

    /** Advances to the next schedule; returns false when all have run. */
    boolean next() {
        at = 0;
        while (!path.isEmpty()) {
            Fork last = path.get(path.size() - 1);
            if (last.chosen + 1 < last.steps.size()) {
                last.chosen++;
                return true;
            }
            path.remove(path.size() - 1);
        }
        return false;
    }

    /** Returns the steps of this schedule. */
    @Override
    public String toString() {
        return path.stream().map(fork -> fork.step().toString()).toList().toString();
    }
}
