package dev.sojourn.proof.interleavings;

/** What can go wrong with one store call. */
enum Fault {
    /** Nothing. */
    NONE,
    /** The call is done, its answer is lost. */
    DONE_UNHEARD,
    /** The call is not done, and nobody says so. */
    NOT_DONE_UNHEARD,
    /** The call is not done yet, nobody says so, and it is done at some later moment. */
    DONE_LATER,
    /** The node stops for good before the call. */
    STOP_BEFORE,
    /** The call is done and the node stops for good. */
    STOP_AFTER;

    /** Whether this fault of a call differs from every other: a load changes nothing, so late, lost and before are one. */
    boolean tellsOf(GatedStore.Call call) {
        return !call.reads() || this == DONE_UNHEARD || this == STOP_BEFORE;
    }
}
