package dev.sojourn.proof.interleavings;

import dev.sojourn.spi.StoreKey;

/**
 * One possible next step: a request's call continues, with or without a fault, or a late call reaches the store.
 *
 * @param actor the index of the calling actor
 * @param number the index of the actor's call, from 0
 * @param late whether this is the arrival of a call whose caller gave up
 * @param call the call's name
 * @param key the record of the call
 * @param reads whether the call only reads
 * @param fault the fault of the call
 */
record Step(int actor, int number, boolean late, String call, StoreKey key, boolean reads, Fault fault) {
    /** Returns whether the order of this step and another one can make a difference. */
    boolean dependsOn(Step other) {
        if (actor == other.actor && !late && !other.late) {
            return true;
        }
        boolean causes = actor == other.actor && number == other.number;
        boolean bothUseTheFault = fault != Fault.NONE && other.fault != Fault.NONE;
        boolean conflict = reachesStore() && other.reachesStore() && key.equals(other.key) && !(reads && other.reads);
        return causes || bothUseTheFault || conflict;
    }

    private boolean reachesStore() {
        return fault == Fault.NONE || fault == Fault.DONE_RESPONSE_LOST || fault == Fault.STOP_AFTER;
    }

    @Override
    public String toString() {
        return "R" + actor + "." + number + ":" + call + (late ? " arrives" : "")
                + (fault == Fault.NONE ? "" : " " + fault);
    }
}
