package dev.sojourn.histories;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a request.
 *
 * @param status the kind of outcome
 * @param note the status line, or the connection error
 * @param access the access token or the sealed cookie in the response, or null
 * @param refresh the refresh cookie in the response, or null
 * @param seen the family and the user that the response shows, separated by a slash, or null
 * @param cleared whether the response removes the client's cookie
 * @param lost whether the client ignored the response, as if it had never arrived
 */
record AccessOutcome(
        Status status,
        String note,
        @Nullable String access,
        @Nullable String refresh,
        @Nullable String seen,
        boolean cleared,
        boolean lost) {
    /** The kinds of outcomes. */
    enum Status {
        /** The node accepted the token and acknowledged the operation. */
        ACCEPTED,
        /** The node refused the token (401). */
        REFUSED,
        /** The operation had no effect, and nothing is known of the token. */
        NOT_DONE,
        /** The operation took effect or not; the node does nothing more for it, but the store may. */
        UNKNOWN,
        /** The client stopped waiting; the node may still execute the operation. */
        ABANDONED,
        /** A response that no client may receive. */
        INVALID
    }

    static AccessOutcome of(Status status, String note) {
        return new AccessOutcome(status, note, null, null, null, false, false);
    }

    AccessOutcome ignored() {
        return new AccessOutcome(status, note, access, refresh, seen, cleared, true);
    }
}
