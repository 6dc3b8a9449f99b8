package dev.sojourn.proof.interleavings;

import dev.sojourn.proof.interleavings.GatedStore.Call;
import dev.sojourn.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request on a thread that no other actor uses at the time. It stops before each store call until the schedule lets it
 * continue, with or without a fault, so that only one actor runs at a time.
 */
final class Actor {
    private static final ThreadLocal<@Nullable Actor> CURRENT = new ThreadLocal<>();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    });
    /** A change of threads takes a few microseconds if the other thread waits without sleeping. */
    private static final int SPINS = 200;

    private final int index;
    private final Runnable request;
    private final Traits traits;
    private final Execution execution;
    private final List<Observation> observations = new ArrayList<>();
    /** The number of observations before each call. */
    private final List<Integer> observationsBefore = new ArrayList<>();

    private final StringBuilder history = new StringBuilder();
    private int described;

    private @Nullable Thread thread;
    private volatile boolean mayRun;
    private @Nullable Call pending;
    private @Nullable Call last;
    private Fault fault = Fault.NONE;
    private boolean stopped;
    private boolean finished;
    private long waitedNanos;

    /**
     * What is known of an actor, so that fewer schedules have to run.
     *
     * @param lasting whether the result of a call matters after the actor has finished. What the actor has given to others, as
     *     its response, is part of what they share
     * @param noticesEvents whether the actor notices events, as the time
     * @param isTwin whether the actor before this one does the same on an equal node: then that one makes the first step
     */
    record Traits(Predicate<Call> lasting, boolean noticesEvents, boolean isTwin) {
        /** Nothing is known. */
        static final Traits NONE = new Traits(any -> true, true, false);
    }

    /** Something that an actor has read: the result of a call, or a value from outside the stores. */
    private record Observation(@Nullable Call call, Supplier<String> text) {}

    Actor(int index, Runnable request, Traits traits, Execution execution) {
        this.index = index;
        this.request = request;
        this.traits = traits;
        this.execution = execution;
    }

    /** Returns the actor of the current thread; null if it is none's. */
    static @Nullable Actor current() {
        return CURRENT.get();
    }

    /** Notes something that the current thread has read from outside the stores, as the time. */
    static void observe(Object value) {
        Actor actor = CURRENT.get();
        if (actor != null) {
            if (!actor.traits.noticesEvents()) {
                throw new IllegalStateException("an actor notices events unexpectedly");
            }
            actor.observations.add(new Observation(null, value::toString));
        }
    }

    int index() {
        return index;
    }

    /** Lets this actor run until its next store call or its end. */
    void resume() {
        if (thread == null) {
            THREADS.execute(this::run);
        } else {
            mayRun = true;
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        thread = Thread.currentThread();
        CURRENT.set(this);
        try {
            request.run();
        } catch (NodeStopped e) {
            // The node has stopped, so there is no response.
        } catch (Throwable e) {
            execution.fail(e);
        }
        CURRENT.remove();
        finished = true;
        execution.passTo(execution.next());
    }

    /** Sets how the pending call continues. */
    void prepare(Fault how) {
        fault = how;
    }

    Traits traits() {
        return traits;
    }

    /** Returns whether this actor has made no step since it stopped before its first call. */
    boolean isAtStart() {
        return !finished && calls() == 1;
    }

    boolean isFinished() {
        return finished;
    }

    boolean isStopped() {
        return stopped;
    }

    Call pendingCall() {
        if (pending == null) {
            throw new IllegalStateException("this request has no pending call");
        }
        return pending;
    }

    /** Returns the number of store calls, including the pending one. */
    int calls() {
        return observationsBefore.size();
    }

    /** Returns the simulated time that this actor has spent waiting, in nanoseconds. */
    long waitedNanos() {
        return waitedNanos;
    }

    /** Adds to the simulated time that this actor has spent waiting. */
    void waitFor(long nanos) {
        waitedNanos += nanos;
    }

    /**
     * Describes all that this actor has read. Its code is deterministic, and no other actor uses its node, so that this
     * determines what it does next. Of an actor that has finished, only what its node keeps matters.
     */
    String history() {
        if (finished) {
            return (stopped ? "stopped" : "finished")
                    + text(observations.stream()
                            .filter(each ->
                                    each.call() != null && traits.lasting().test(each.call())));
        }
        history.append(text(observations.stream().skip(described)));
        described = observations.size();
        return history.toString();
    }

    /** Describes all that this actor had read before a call. */
    String historyBefore(int call) {
        return text(observations.stream().limit(observationsBefore.get(call)));
    }

    private static String text(Stream<Observation> observations) {
        return observations.map(each -> each.text().get()).collect(Collectors.joining("\n"));
    }

    /** Runs a store call of the current thread, scheduled if the thread is an actor's. */
    @SuppressWarnings("unchecked")
    static <T> T call(Call call, Supplier<T> work) {
        Actor actor = CURRENT.get();
        return actor == null ? work.get() : (T) actor.awaitSchedule(call);
    }

    /** Runs a call that belongs to the step before it. */
    static <T> T callWithinStep(Call call, Supplier<T> work) {
        Actor actor = CURRENT.get();
        if (actor == null) {
            return work.get();
        }
        actor.execution.checkCoupled(actor.last);
        return actor.observed(call, work.get());
    }

    private Object awaitSchedule(Call call) {
        if (stopped) {
            throw new NodeStopped();
        }
        pending = call;
        observationsBefore.add(observations.size());
        Actor next = execution.next();
        if (next != this) {
            execution.passTo(next);
            awaitTurn();
        }
        pending = null;
        last = call;
        return switch (fault) {
            case NONE -> observed(call, call.work().get());
            case DONE_RESPONSE_LOST -> {
                call.perform();
                throw lostResponse(call);
            }
            case NOT_DONE_RESPONSE_LOST, DONE_LATER -> throw lostResponse(call);
            case STOP_BEFORE -> throw stopNode();
            case STOP_AFTER -> {
                call.perform();
                throw stopNode();
            }
        };
    }

    private void awaitTurn() {
        for (int i = 0; i < SPINS && !mayRun; i++) {
            Thread.onSpinWait();
        }
        while (!mayRun) {
            LockSupport.park(this);
        }
        mayRun = false;
    }

    private <T> T observed(Call call, T result) {
        observations.add(new Observation(call, () -> call.describe(result)));
        return result;
    }

    private StoreException lostResponse(Call call) {
        observations.add(
                new Observation(call, () -> call.name() + " " + call.key().text() + " lost"));
        return StoreException.unknown("the response was lost", null);
    }

    private NodeStopped stopNode() {
        stopped = true;
        return new NodeStopped();
    }

    /** Unwinds the thread of a stopped node. */
    static final class NodeStopped extends Error {
        private static final long serialVersionUID = 1L;

        NodeStopped() {
            super("the node stopped", null, false, false);
        }
    }
}
