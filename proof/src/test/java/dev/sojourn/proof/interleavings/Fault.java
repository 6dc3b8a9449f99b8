package dev.sojourn.proof.interleavings;

import java.util.EnumSet;
import java.util.Set;

/** A fault of one store call. */
enum Fault {
    /** No fault. */
    NONE,
    /** The call is done, and its response is lost. */
    DONE_RESPONSE_LOST,
    /** The call is not done, and its outcome is unknown to the caller. */
    NOT_DONE_RESPONSE_LOST,
    /** The call is done at a later time, and its outcome is unknown to the caller. */
    DONE_LATER,
    /** The node stops permanently before the call. */
    STOP_BEFORE,
    /** The call is done, and the node stops permanently. */
    STOP_AFTER;

    /** No faults. */
    static final Set<Fault> WITHOUT = Set.of();
    /** Every fault. */
    static final Set<Fault> ALL = EnumSet.complementOf(EnumSet.of(NONE));
    /** A response is lost, and the call was done or not. */
    static final Set<Fault> LOST_RESPONSES = EnumSet.of(DONE_RESPONSE_LOST, NOT_DONE_RESPONSE_LOST);

    /**
     * Returns whether this fault differs from the others for a call: a read changes nothing, so several faults are equivalent. An
     * event is no call, so it has none.
     */
    boolean isDistinctFor(GatedStore.Call call) {
        return switch (call.kind()) {
            case READ, ORDERED_READ -> this == DONE_RESPONSE_LOST || this == STOP_BEFORE;
            case WRITE, ORDERED_WRITE -> true;
            case EVENT -> false;
        };
    }
}
