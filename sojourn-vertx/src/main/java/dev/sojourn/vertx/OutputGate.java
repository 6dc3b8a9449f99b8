package dev.sojourn.vertx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a response's output may reach Vert.x. The first call closes the gate until the session is saved; calls that
 * arrive while it is closed wait in order. The call that ends the response needs another save, unless the save began with it.
 *
 * <p>State only, guarded by this object's monitor: it calls neither Vert.x nor the store. Thread-safe.
 */
final class OutputGate {
    /** How far the handler has come with its response. */
    private enum Phase {
        OPEN,
        STARTED,
        ENDED
    }

    /** The decision about a new call. */
    enum Decision {
        /** Pass it to Vert.x now. */
        PASS,
        /** Save the session; the call waits. */
        SAVE,
        /** A save is under way; the call waits. */
        WAIT,
        /** Fail it with {@link #refusal()}. */
        REFUSE
    }

    /** The action after a save or a call. */
    enum Action {
        /** Pass the next call to Vert.x. */
        PASS,
        /** Save the session before the next call. */
        SAVE,
        /** Nothing: no call waits, and the gate is open. */
        DRAINED,
        /** Nothing: the handler has started another response since. */
        SUPERSEDED
    }

    /** The next step; its call is null unless the action is {@link Action#PASS}. */
    record Step(Action action, @Nullable ResponseCall call) {}

    private final Deque<ResponseCall> waiting = new ArrayDeque<>();
    /** The waiting calls that need no further save, because one began with or after them. */
    private final Set<ResponseCall> covered = new HashSet<>();

    private Phase phase = Phase.OPEN;
    private boolean closed;
    /** Whether the session was saved for the head. */
    private boolean headSaved;
    /** Whether the headers-end handler was due. */
    private boolean headersEnded;
    /** Whether the write queue was reported as full to the handler. */
    private boolean reportedFull;
    /** Whether the handler aborted its response before the end. */
    private boolean aborted;
    /** Increases with each response that failed before its head was sent. */
    private int attempt;
    /** The failure that an error response reports even if the session can be saved. */
    private @Nullable Throwable failure;
    /** The failure that the error response which replaced the handler's has reported. */
    private @Nullable Throwable replacedFor;

    // ---- queries

    synchronized boolean isStarted() {
        return phase != Phase.OPEN || replacedFor != null;
    }

    synchronized boolean isEnded() {
        return phase == Phase.ENDED || replacedFor != null;
    }

    /** Returns whether the response was replaced or aborted, so that nothing that the handler does has an effect. */
    synchronized boolean isRefusing() {
        return replacedFor != null || aborted;
    }

    synchronized Throwable refusal() {
        return replacedFor != null ? replacedFor : new IllegalStateException("the response was aborted");
    }

    synchronized int attempt() {
        return attempt;
    }

    // ---- calls

    /** Returns true once, before the first output of a response that may still send its head. */
    synchronized boolean endHeaders() {
        if (headersEnded || phase == Phase.ENDED || isRefusing()) {
            return false;
        }
        headersEnded = true;
        return true;
    }

    /**
     * Admits a call that sends output.
     *
     * @param unhandled the failure that the call's own response would hide, or null
     * @throws IllegalStateException if the response has been ended
     */
    synchronized Decision admit(ResponseCall call, @Nullable Throwable unhandled) {
        if (isRefusing()) {
            return Decision.REFUSE;
        }
        if (phase == Phase.ENDED) {
            throw new IllegalStateException("Response has already been written");
        }
        if (phase == Phase.OPEN) {
            failure = unhandled;
        }
        phase = call.kind().endsResponse() ? Phase.ENDED : Phase.STARTED;
        if (closed) {
            waiting.add(call);
            return Decision.WAIT;
        }
        if (headSaved && phase != Phase.ENDED) {
            return Decision.PASS;
        }
        covered.add(call);
        waiting.add(call);
        closed = true;
        return Decision.SAVE;
    }

    /** Admits a call that aborts the response, behind the calls that wait. */
    synchronized Decision abort(ResponseCall call) {
        if (replacedFor != null) {
            return Decision.REFUSE;
        }
        aborted |= phase != Phase.ENDED;
        if (closed) {
            waiting.add(call);
            return Decision.WAIT;
        }
        return Decision.PASS;
    }

    /** Claims the response for the error of a handler that threw; false if the handler has started it. */
    synchronized boolean claimForError(Throwable problem) {
        if (phase != Phase.OPEN) {
            return false;
        }
        claim();
        failure = problem;
        return true;
    }

    /** Claims the response for a handshake; false if the handler has started, replaced or aborted it. */
    synchronized boolean claimForUpgrade() {
        if (phase != Phase.OPEN || isRefusing()) {
            return false;
        }
        claim();
        return true;
    }

    private void claim() {
        phase = Phase.ENDED;
        closed = true;
    }

    // ---- saves

    synchronized boolean isHeadSaved() {
        return headSaved;
    }

    /**
     * Ends a save.
     *
     * @param problem why the save for the head failed, or null
     * @return what an error response has to report, or null if the handler's response may be sent
     */
    synchronized @Nullable Throwable completeSave(@Nullable Throwable problem) {
        headSaved = true;
        return problem != null ? problem : failure;
    }

    /** Returns the next step of a response, and opens the gate when no call waits any more. */
    synchronized Step next(int ofAttempt) {
        if (ofAttempt != attempt) {
            return new Step(Action.SUPERSEDED, null);
        }
        ResponseCall call = waiting.peek();
        if (call == null) {
            closed = false;
            return new Step(Action.DRAINED, null);
        }
        if (call.kind().endsResponse() && covered.add(call)) {
            return new Step(Action.SAVE, null);
        }
        covered.remove(call);
        waiting.remove();
        return new Step(Action.PASS, call);
    }

    /** Lets the handler respond anew after its response failed before the head, unless it already does. */
    synchronized void reopen() {
        if (!waiting.isEmpty()) {
            return;
        }
        attempt++;
        phase = Phase.OPEN;
        headSaved = false;
        closed = false;
    }

    /** Ends the handler's response for an error response; returns the calls that waited. */
    synchronized List<ResponseCall> replace(Throwable problem) {
        replacedFor = problem;
        List<ResponseCall> refused = new ArrayList<>(waiting);
        waiting.clear();
        covered.clear();
        closed = false;
        return refused;
    }

    // ---- the write queue

    /** Returns whether the gate is closed, and remembers that the handler now waits for its drain handler. */
    synchronized boolean reportFull() {
        if (isRefusing() || !closed) {
            return false;
        }
        reportedFull = true;
        return true;
    }

    /** Returns whether the handler waits for its drain handler, and forgets it. */
    synchronized boolean takeReportedFull() {
        boolean reported = reportedFull;
        reportedFull = false;
        return reported;
    }
}
