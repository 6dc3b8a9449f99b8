package dev.sojourn.histories;

import java.util.List;

/**
 * A promise that was not kept.
 *
 * @param rule which promise
 * @param what the sentence that says it
 * @param owner whose session
 * @param proof the operations that show it
 */
record Violation(Rule rule, String what, String owner, List<Operation> proof) {
    /** The promises. */
    enum Rule {
        /** An acknowledged write is not there. */
        LOST_WRITE,
        /** A write was carried out twice. */
        DOUBLED_WRITE,
        /** A value that nobody wrote, or that was refused, is there. */
        INVENTED_WRITE,
        /** What was seen before is not seen any more, or an older value is seen again. */
        WENT_BACK,
        /** Another session's data, or another user. */
        FOREIGN_DATA,
        /** A session is there after it was ended. */
        RESURRECTED,
        /** A session, or a sign-in, is gone although nobody ended it. */
        LOST_SESSION,
        /** Two sessions came out of one. */
        TWINS,
        /** A failed request touched the cookie, or a sign-in gave no new token. */
        COOKIE,
        /** An answer that no client should ever see. */
        ABSURD_ANSWER
    }

    Violation {
        proof = List.copyOf(proof);
    }
}
