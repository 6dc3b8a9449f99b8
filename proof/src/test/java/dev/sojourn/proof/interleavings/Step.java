package dev.sojourn.proof.interleavings;

import dev.sojourn.spi.StoreKey;

/**
 * One thing that can happen next: a request's call goes on, with a fault or without, or a late call arrives.
 *
 * @param actor whose call it is
 * @param number which of its calls, counted from 0
 * @param late whether it is the call itself that arrives, long after its caller gave up on it
 * @param call the call's name
 * @param key the record that it touches
 * @param reads whether it only looks
 * @param fault what goes wrong
 */
record Step(int actor, int number, boolean late, String call, StoreKey key, boolean reads, Fault fault) {
    /** Whether the order of this step and another one can make a difference. */
    boolean dependsOn(Step other) {
        if (actor == other.actor && !late && !other.late) {
            return true;
        }
        boolean causes = actor == other.actor && number == other.number;
        boolean shareTheOneFault = fault != Fault.NONE && other.fault != Fault.NONE;
        boolean meet = reachesStore() && other.reachesStore() && key.equals(other.key) && !(reads && other.reads);
        return causes || shareTheOneFault || meet;
    }

    private boolean reachesStore() {
        return fault == Fault.NONE || fault == Fault.DONE_UNHEARD || fault == Fault.STOP_AFTER;
    }

    @Override
    public String toString() {
        return "R" + actor + "." + number + ":" + call + (late ? " arrives" : "")
                + (fault == Fault.NONE ? "" : " " + fault);
    }
}
