package dev.sojourn.histories;

import java.util.List;

/**
 * A violated guarantee.
 *
 * @param rule the guarantee
 * @param message a description
 * @param owner the name of the session
 * @param evidence the operations that prove it
 */
record Violation(Rule rule, String message, String owner, List<Operation> evidence) {
    /** The guarantees. */
    enum Rule {
        /** An acknowledged write is missing. */
        LOST_WRITE,
        /** A write took effect twice. */
        DOUBLED_WRITE,
        /** A value is present that was refused or never written. */
        INVENTED_WRITE,
        /** An observed value disappeared, or an older value was observed again. */
        REGRESSION,
        /** The data of another session, or another user, was observed. */
        FOREIGN_DATA,
        /** A session is alive after its end. */
        ENDED_SESSION_ALIVE,
        /** A session or a login is lost without an end. */
        LOST_SESSION,
        /** Two logins continued one session. */
        DUPLICATED_SESSION,
        /** A failed request changed the cookie, or a login issued no new token. */
        COOKIE,
        /** A response that no client may receive. */
        INVALID_RESPONSE
    }

    Violation {
        evidence = List.copyOf(evidence);
    }
}
