package dev.sojourn.proof.interleavings;

import dev.sojourn.proof.interleavings.GatedStore.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Runs actors one store call at a time, in the order that a schedule chooses, with at most one fault. */
final class Scheduler {
    private Scheduler() {}

    /**
     * Runs actors that have stopped before their first store call.
     *
     * @param faults the faults of which a schedule has at most one
     * @return false if another schedule is equivalent to this one, which is not finished then
     */
    static boolean run(Schedules schedules, List<Actor> actors, Set<Fault> faults) {
        List<LateCall> late = new ArrayList<>();
        Set<Fault> faultsLeft = faults;
        while (true) {
            List<Step> steps = possibleSteps(actors, late, faultsLeft);
            if (steps.isEmpty()) {
                return true;
            }
            Step step = schedules.choose(steps);
            if (step == null) {
                actors.forEach(Actor::abandon);
                return false;
            }
            if (step.fault() != Fault.NONE) {
                faultsLeft = Fault.WITHOUT;
            }
            execute(step, actors, late);
        }
    }

    /** A call that reaches the store after its caller gave up. */
    private record LateCall(Step step, Call call) {}

    private static List<Step> possibleSteps(List<Actor> actors, List<LateCall> late, Set<Fault> faultsLeft) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < actors.size(); i++) {
            Actor actor = actors.get(i);
            if (actor.isFinished()) {
                continue;
            }
            Call call = actor.pendingCall();
            for (Fault fault : Fault.values()) {
                if (fault == Fault.NONE || (faultsLeft.contains(fault) && fault.isDistinctFor(call))) {
                    steps.add(new Step(i, actor.callsBefore(), false, call.name(), call.key(), call.reads(), fault));
                }
            }
        }
        late.forEach(each -> steps.add(each.step()));
        return steps;
    }

    private static void execute(Step step, List<Actor> actors, List<LateCall> late) {
        if (step.late()) {
            LateCall arriving = late.stream()
                    .filter(each -> each.step().equals(step))
                    .findFirst()
                    .orElseThrow();
            late.remove(arriving);
            arriving.call().perform();
            return;
        }
        Actor actor = actors.get(step.actor());
        if (step.fault() == Fault.DONE_LATER) {
            Step arrival =
                    new Step(step.actor(), step.number(), true, step.call(), step.key(), step.reads(), Fault.NONE);
            late.add(new LateCall(arrival, actor.pendingCall()));
        }
        actor.run(step.fault());
    }
}
