package dev.sojourn.proof.interleavings;

import dev.sojourn.proof.interleavings.GatedStore.Call;
import dev.sojourn.spi.StoreException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request on a thread of its own, of which only one runs at a time: it stops before each store call until the
 * scheduler lets it go on, with a fault or without.
 */
final class Actor {
    private static final ThreadLocal<@Nullable Actor> CURRENT = new ThreadLocal<>();

    private final Semaphore mayRun = new Semaphore(0);
    private final Semaphore hasStopped = new Semaphore(0);
    private final Thread thread;
    private @Nullable Call waiting;
    private Fault fault = Fault.NONE;
    private boolean dead;
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
                // The node is gone; nobody answers.
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
            throw new AssertionError("a request failed in a way that no client is told of", failure);
        }
    }

    boolean isFinished() {
        return finished;
    }

    boolean isDead() {
        return dead;
    }

    Call waiting() {
        if (waiting == null) {
            throw new IllegalStateException("this request waits for nothing");
        }
        return waiting;
    }

    /** How many store calls it has made before the one that it waits for. */
    int callsBefore() {
        return calls - 1;
    }

    /** Ends this request without an answer: nobody wants to know any more. */
    void abandon() {
        if (!finished) {
            run(Fault.STOP_BEFORE);
        }
    }

    /** A store call of the current thread, scheduled if the thread is an actor. */
    @SuppressWarnings("unchecked")
    static <T> T call(Call call, Supplier<T> work) {
        Actor actor = CURRENT.get();
        return actor == null ? work.get() : (T) actor.scheduled(call);
    }

    private Object scheduled(Call call) {
        if (dead) {
            throw new NodeStopped();
        }
        waiting = call;
        calls++;
        hasStopped.release();
        mayRun.acquireUninterruptibly();
        waiting = null;
        return switch (fault) {
            case NONE -> call.work().get();
            case DONE_UNHEARD -> {
                call.perform();
                throw unheard();
            }
            case NOT_DONE_UNHEARD, DONE_LATER -> throw unheard();
            case STOP_BEFORE -> throw die();
            case STOP_AFTER -> {
                call.perform();
                throw die();
            }
        };
    }

    private static StoreException unheard() {
        return StoreException.unknown("the answer was lost", null);
    }

    private NodeStopped die() {
        dead = true;
        return new NodeStopped();
    }

    /** Unwinds the thread of a node that is no more. */
    static final class NodeStopped extends Error {
        private static final long serialVersionUID = 1L;

        NodeStopped() {
            super("the node stopped", null, false, false);
        }
    }
}
