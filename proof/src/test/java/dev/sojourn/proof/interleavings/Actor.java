package dev.sojourn.proof.interleavings;

import dev.sojourn.proof.interleavings.GatedStore.Call;
import dev.sojourn.spi.StoreException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request on its own thread. It stops before each store call until the scheduler lets it continue, with or without a
 * fault, so that only one actor runs at a time.
 */
final class Actor {
    private static final ThreadLocal<@Nullable Actor> CURRENT = new ThreadLocal<>();

    private final Semaphore mayRun = new Semaphore(0);
    private final Semaphore hasStopped = new Semaphore(0);
    private final Thread thread;
    private @Nullable Call pending;
    private Fault fault = Fault.NONE;
    private boolean stopped;
    private int calls;
    private boolean finished;
    private @Nullable Throwable failure;

    Actor(Runnable request) {
        this.thread = new Thread(() -> {
            CURRENT.set(this);
            mayRun.acquireUninterruptibly();
            try {
                request.run();
            } catch (NodeStopped e) {
                // The node has stopped, so there is no response.
            } catch (Throwable e) {
                failure = e;
            } finally {
                finished = true;
                hasStopped.release();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets this request run until its next store call or its end. */
    void run(Fault how) {
        fault = how;
        mayRun.release();
        hasStopped.acquireUninterruptibly();
        if (failure != null) {
            throw new AssertionError("a request failed with an exception that no response reports", failure);
        }
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

    /** Returns the number of store calls before the pending one. */
    int callsBefore() {
        return calls - 1;
    }

    /** Ends this request without a response, because the schedule is not needed. */
    void abandon() {
        if (!finished) {
            run(Fault.STOP_BEFORE);
        }
    }

    /** Runs a store call of the current thread, scheduled if the thread is an actor. */
    @SuppressWarnings("unchecked")
    static <T> T call(Call call, Supplier<T> work) {
        Actor actor = CURRENT.get();
        return actor == null ? work.get() : (T) actor.awaitSchedule(call);
    }

    private Object awaitSchedule(Call call) {
        if (stopped) {
            throw new NodeStopped();
        }
        pending = call;
        calls++;
        hasStopped.release();
        mayRun.acquireUninterruptibly();
        pending = null;
        return switch (fault) {
            case NONE -> call.work().get();
            case DONE_RESPONSE_LOST -> {
                call.perform();
                throw lostResponse();
            }
            case NOT_DONE_RESPONSE_LOST, DONE_LATER -> throw lostResponse();
            case STOP_BEFORE -> throw stopNode();
            case STOP_AFTER -> {
                call.perform();
                throw stopNode();
            }
        };
    }

    private static StoreException lostResponse() {
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
