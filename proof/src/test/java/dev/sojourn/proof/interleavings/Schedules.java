package dev.sojourn.proof.interleavings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Enumerates all schedules of some requests, depth first. The tree of decisions is not known in advance; each run provides the
 * possible steps at each fork. Two reductions keep every outcome and run it less often. Both are described in Godefroid,
 * "Partial-Order Methods for the Verification of Concurrent Systems" (1996).
 *
 * <p><b>Sleep sets.</b> Two schedules that differ only in the order of adjacent independent steps (calls on different records, or
 * two loads) have equal results, so only one of them runs. A step that was tried at a fork sleeps in the sibling branches until a
 * step that it depends on is taken.
 *
 * <p><b>Visited states.</b> Two schedules that lead to the same state have the same continuations, so they run once. A state is
 * what the stores contain and what each actor has read. A state that is reached again with fewer sleeping steps runs only those steps
 * that slept before. No step leads back to an earlier state, because each adds to what an actor has read.
 */
final class Schedules {
    /** What is left out because it is equivalent to something else. */
    enum Reduction {
        NOTHING,
        SLEEP_SETS,
        VISITED_STATES
    }

    private final Reduction reduction;
    private final List<Fork> path = new ArrayList<>();
    /** The steps that slept at each state when it was visited last. */
    private final Map<String, Set<Step>> visited = new HashMap<>();

    private final Set<String> finalStates = new HashSet<>();
    private int at;
    private int runs;

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

    Schedules() {
        this(Reduction.VISITED_STATES);
    }

    Schedules(Reduction reduction) {
        this.reduction = reduction;
    }

    /**
     * Returns the step to take at this fork; null if every schedule with this prefix is equivalent to one that has run.
     *
     * @param possible the possible steps, at least one
     * @param state describes the state
     */
    @Nullable
    Step choose(List<Step> possible, Supplier<String> state) {
        if (at == path.size()) {
            Fork fork = newFork(possible, state);
            if (fork.steps.isEmpty()) {
                return null;
            }
            path.add(fork);
        }
        Step step = path.get(at++).step();
        if (!possible.contains(step)) {
            throw new IllegalStateException("the same decisions led to another fork: the run is not deterministic");
        }
        return step;
    }

    private Fork newFork(List<Step> possible, Supplier<String> state) {
        Set<Step> sleeping = at == 0 || reduction == Reduction.NOTHING
                ? Set.of()
                : path.get(at - 1).sleepSetAfterStep();
        if (reduction == Reduction.VISITED_STATES) {
            String digest = digest(state.get());
            Set<Step> sleptBefore = visited.get(digest);
            if (sleptBefore != null) {
                List<Step> steps = possible.stream()
                        .filter(step -> sleptBefore.contains(step) && !sleeping.contains(step))
                        .toList();
                Set<Step> both = new HashSet<>(sleeping);
                both.retainAll(sleptBefore);
                visited.put(digest, both);
                return new Fork(steps, both);
            }
            visited.put(digest, sleeping);
        }
        List<Step> steps =
                possible.stream().filter(step -> !sleeping.contains(step)).toList();
        return new Fork(steps, sleeping);
    }

    /** Notes that all actors have finished; returns false if this state was a final one before. */
    boolean finish(Supplier<String> state) {
        boolean isNew = finalStates.add(digest(state.get()));
        return isNew || reduction != Reduction.VISITED_STATES;
    }

    /** Advances to the next schedule; returns false when all have run. */
    boolean next() {
        at = 0;
        runs++;
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

    /** Returns the number of different final states so far: of everything that actors can read, and everything stored. */
    int finalStates() {
        return finalStates.size();
    }

    /** Returns the number of runs so far, including those that ended early because they were redundant. */
    int runs() {
        return runs;
    }

    /** Returns a short text that is equal for equal states only. */
    static String digest(String state) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(state.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the steps of this schedule. */
    @Override
    public String toString() {
        return path.stream().map(fork -> fork.step().toString()).toList().toString();
    }
}
