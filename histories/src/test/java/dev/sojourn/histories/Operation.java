package dev.sojourn.histories;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request and its outcome.
 *
 * @param id the operation's number, unique in the history; the operation writes this number
 * @param kind the kind of operation
 * @param owner the name of the session that the cookie should belong to
 * @param user the user that a login signs in, and whose sessions the other operations end
 * @param register the attribute that a {@link OperationKind#SET} sets; otherwise empty
 * @param token the token that was sent, or null
 * @param node the index of the node
 * @param start the time at which it was sent, in nanoseconds of the clients' common clock
 * @param end the time of the response, or of the failure
 * @param outcome the outcome
 */
record Operation(
        int id,
        OperationKind kind,
        String owner,
        String user,
        String register,
        @Nullable String token,
        int node,
        long start,
        long end,
        OperationOutcome outcome) {

    /** Returns the last instant at which the operation can have taken effect. */
    long latestEffect() {
        return outcome.status() == OperationOutcome.Status.UNKNOWN ? Long.MAX_VALUE : end;
    }

    /**
     * Returns the last instant at which the operation can have looked up sessions to end: after its response, a node looks up no
     * more, although its writes may still reach the store.
     */
    long latestLookup() {
        return outcome.isFromNode() ? end : latestEffect();
    }

    /** Returns whether the operation definitely ended before the other one started. */
    boolean isBefore(Operation other) {
        return latestEffect() < other.start;
    }

    boolean mayBeDone() {
        return outcome.mayBeDone();
    }

    boolean isDone() {
        return outcome.isDone();
    }

    String describe(long origin) {
        return String.format(
                Locale.ROOT,
                "%9.3f–%9.3f ms  node %d  #%d %s %s%s token %s → %s %s%s%s",
                (start - origin) / 1e6,
                (end - origin) / 1e6,
                node,
                id,
                kind,
                owner,
                register.isEmpty() ? "" : " " + register,
                abbreviate(token),
                outcome.status(),
                outcome.note(),
                outcome.view() == null ? "" : " {" + outcome.view() + "}",
                outcome.newToken() == null ? "" : " new token " + abbreviate(outcome.newToken()));
    }

    /** Returns a description without the token itself. */
    @Override
    public String toString() {
        return describe(0);
    }

    /** Returns a short hash that distinguishes a token without revealing it. */
    static String abbreviate(@Nullable String token) {
        return token == null ? "none" : Integer.toHexString(token.hashCode());
    }
}
