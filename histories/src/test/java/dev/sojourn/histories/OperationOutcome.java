package dev.sojourn.histories;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of an operation, as a client interprets the response.
 *
 * @param status whether the operation was done
 * @param view the contents of the session, if the operation was done
 * @param newToken the token that the response set, or null
 * @param cookieCleared whether the response cleared the cookie
 * @param note the HTTP status and the body, or the connection's error, for reports
 */
record OperationOutcome(
        Status status, @Nullable SessionView view, @Nullable String newToken, boolean cookieCleared, String note) {
    /** Whether an operation was done. */
    enum Status {
        /** The operation was done. */
        DONE,
        /** The token belongs to no session, so nothing was done. */
        NO_SESSION,
        /** The operation was not done and never will be. */
        REFUSED,
        /** The operation may have been done, or may be done later. */
        UNKNOWN,
        /** The response is one that no client may receive. */
        INVALID
    }

    static OperationOutcome done(SessionView view, @Nullable String newToken) {
        return new OperationOutcome(Status.DONE, view, newToken, false, "200");
    }

    static OperationOutcome noSession() {
        return new OperationOutcome(Status.NO_SESSION, null, null, false, "404");
    }

    static OperationOutcome refused(String note) {
        return new OperationOutcome(Status.REFUSED, null, null, false, note);
    }

    static OperationOutcome unknown(String note) {
        return new OperationOutcome(Status.UNKNOWN, null, null, false, note);
    }

    boolean isDone() {
        return status == Status.DONE;
    }

    boolean hasNoSession() {
        return status == Status.NO_SESSION;
    }

    /** Returns whether a node responded, as opposed to a connection error. */
    boolean isFromNode() {
        return !note.isEmpty() && Character.isDigit(note.charAt(0));
    }

    /** Returns whether the operation was done, may have been done, or may be done later. */
    boolean mayBeDone() {
        return status == Status.DONE || status == Status.UNKNOWN || status == Status.INVALID;
    }

    SessionView requireView() {
        return Objects.requireNonNull(view, "a done operation has a view");
    }
}
