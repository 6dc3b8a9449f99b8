package dev.sojourn.proof.interleavings;

import dev.sojourn.proof.interleavings.GatedStore.Call;
import dev.sojourn.proof.interleavings.GatedStore.Kind;
import dev.sojourn.spi.StoreKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs actors one store call at a time, in the order that a schedule chooses, with at most one fault.
 *
 * <p>Exactly one thread runs at a time: that of an actor, or the thread that called {@link #run}. The thread that stops decides which
 * one continues, so consecutive calls of one actor cost no change of threads.
 */
final class Execution {
    private final Schedules schedules;
    private final Supplier<String> shared;
    private final List<Actor> actors = new ArrayList<>();
    private final List<LateCall> late = new ArrayList<>();
    private Set<Fault> faultsLeft;
    private int started;
    private boolean isRedundant;
    /** The record of all steps to which calls of a coupled store belong. */
    private @Nullable StoreKey coupled;

    private @Nullable Throwable failure;

    private @Nullable Thread caller;
    private volatile boolean isOver;

    /** A call that reaches the store after its caller gave up. */
    private record LateCall(Step step, Call call) {}

    /**
     * Creates an execution without actors.
     *
     * @param faults the faults of which a schedule has at most one
     * @param shared describes everything that actors share, as they can see it
     */
    Execution(Schedules schedules, Set<Fault> faults, Supplier<String> shared) {
        this.schedules = schedules;
        this.faultsLeft = faults;
        this.shared = shared;
    }

    /** Adds an actor. */
    void add(Runnable work, Actor.Traits traits) {
        actors.add(new Actor(actors.size(), work, traits, this));
    }

    /** Returns the number of actors whose node stopped. */
    int stopped() {
        return (int) actors.stream().filter(Actor::isStopped).count();
    }

    /**
     * Runs all actors.
     *
     * @return false if another schedule is equivalent to this one, which is not finished then, or leads to the same final state
     */
    boolean run() {
        caller = Thread.currentThread();
        passTo(next());
        while (!isOver) {
            LockSupport.park(this);
        }
        if (failure != null) {
            throw new AssertionError("a request failed with an exception that no response reports", failure);
        }
        return !isRedundant;
    }

    /** Decides which actor continues; null if all have finished. */
    @Nullable
    Actor next() {
        try {
            if (started < actors.size() && failure == null) {
                return actors.get(started++);
            }
            return failure != null || isRedundant ? nextToAbandon() : nextByTheSchedule();
        } catch (RuntimeException | Error e) {
            fail(e);
            return nextToAbandon();
        }
    }

    /** Lets an actor continue; the thread that called {@link #run} if there is none. */
    void passTo(@Nullable Actor next) {
        if (next != null) {
            next.resume();
        } else {
            isOver = true;
            LockSupport.unpark(caller);
        }
    }

    void fail(Throwable e) {
        failure = failure == null ? e : failure;
    }

    /** Checks that a call of a coupled store belongs to a step that is ordered with all such steps of other actors. */
    void checkCoupled(@Nullable Call step) {
        if (step == null || step.kind() == Kind.READ || step.kind() == Kind.WRITE) {
            throw new IllegalStateException("a call of a coupled store belongs to a step that commutes with others");
        }
        if (step.kind() != Kind.EVENT) {
            StoreKey key = coupled == null ? step.key() : coupled;
            if (!step.key().equals(key)) {
                throw new IllegalStateException("calls of a coupled store belong to steps on different records");
            }
            coupled = key;
        }
    }

    /** Actors whose schedule is not needed end without a response. */
    private @Nullable Actor nextToAbandon() {
        for (Actor actor : actors.subList(0, started)) {
            if (!actor.isFinished()) {
                actor.prepare(Fault.STOP_BEFORE);
                return actor;
            }
        }
        return null;
    }

    private @Nullable Actor nextByTheSchedule() {
        while (true) {
            List<Step> steps = possibleSteps();
            if (steps.isEmpty()) {
                isRedundant = !schedules.finish(this::state);
                return null;
            }
            Step step = schedules.choose(steps, this::state);
            if (step == null) {
                isRedundant = true;
                return nextToAbandon();
            }
            if (step.fault() != Fault.NONE) {
                faultsLeft = Fault.WITHOUT;
            }
            if (!step.late()) {
                return prepare(step);
            }
            arrive(step);
        }
    }

    private List<Step> possibleSteps() {
        List<Step> steps = new ArrayList<>();
        for (Actor actor : actors) {
            boolean isAfterTwin = actor.traits().isTwin()
                    && actor.isAtStart()
                    && actors.get(actor.index() - 1).isAtStart();
            if (actor.isFinished() || isAfterTwin) {
                continue;
            }
            Call call = actor.pendingCall();
            for (Fault fault : Fault.values()) {
                if (fault == Fault.NONE || (faultsLeft.contains(fault) && fault.isDistinctFor(call))) {
                    steps.add(Step.of(actor, call, fault));
                }
            }
        }
        late.forEach(each -> steps.add(each.step()));
        return steps;
    }

    private Actor prepare(Step step) {
        Actor actor = actors.get(step.actor());
        if (step.fault() == Fault.DONE_LATER) {
            late.add(new LateCall(step.arrival(), actor.pendingCall()));
        }
        actor.prepare(step.fault());
        return actor;
    }

    private void arrive(Step step) {
        LateCall arriving = late.stream()
                .filter(each -> each.step().equals(step))
                .findFirst()
                .orElseThrow();
        late.remove(arriving);
        arriving.call().perform();
    }

    /** Describes all that determines the possible continuations of this execution, and their outcomes. */
    private String state() {
        StringBuilder text = new StringBuilder(shared.get());
        text.append(faultsLeft.isEmpty());
        late.stream().map(each -> each.step().toString()).sorted().forEach(text::append);
        actors.forEach(actor -> text.append('\n').append(actor.history()));
        return text.toString();
    }
}
