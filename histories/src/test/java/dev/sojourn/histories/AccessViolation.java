package dev.sojourn.histories;

import java.util.List;

/**
 * A violated guarantee.
 *
 * @param rule the guarantee
 * @param message a description
 * @param family the name of the session
 * @param evidence the operations that prove it
 */
record AccessViolation(Rule rule, String message, String family, List<AccessOperation> evidence) {
    /** The guarantees. */
    enum Rule {
        /** A token was accepted later than the delay after an acknowledged logout. */
        ACCEPTED_AFTER_LOGOUT,
        /** A refresh succeeded after an acknowledged logout. */
        REFRESHED_AFTER_LOGOUT,
        /** A token was accepted later than the delay after its session had been refused. */
        ACCEPTED_AFTER_REFUSAL,
        /** A session was refused that no operation ended. */
        SIGNED_OUT,
        /** Two successors of one refresh token are alive. */
        SECOND_SUCCESSOR,
        /** A failed request changed the client's tokens, or a request that ended no session removed them. */
        COOKIE,
        /** The session of another client, or of another user, was observed. */
        FOREIGN_DATA,
        /** A response that no client may receive. */
        INVALID_RESPONSE
    }

    AccessViolation {
        evidence = List.copyOf(evidence);
    }
}
