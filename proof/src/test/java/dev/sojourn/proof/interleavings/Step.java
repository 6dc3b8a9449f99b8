package dev.sojourn.proof.interleavings;

import dev.sojourn.proof.interleavings.GatedStore.Call;
import dev.sojourn.proof.interleavings.GatedStore.Kind;
import dev.sojourn.spi.StoreKey;

/**
 * One possible next step: a request's call continues, with or without a fault, or a late call reaches the store.
 *
 * @param actor the index of the calling actor
 * @param number the index of the actor's call, from 0
 * @param late whether this is the arrival of a call whose caller gave up
 * @param call the call's name
 * @param key the record of the call
 * @param kind what the call does with the record
 * @param noticesEvents whether the actor notices events
 * @param fault the fault of the call
 */
record Step(
        int actor, int number, boolean late, String call, StoreKey key, Kind kind, boolean noticesEvents, Fault fault) {
    static Step of(Actor actor, Call call, Fault fault) {
        return new Step(
                actor.index(),
                actor.calls() - 1,
                false,
                call.name(),
                call.key(),
                call.kind(),
                actor.traits().noticesEvents(),
                fault);
    }

    /** Returns the later arrival of this call. */
    Step arrival() {
        return new Step(actor, number, true, call, key, kind, noticesEvents, Fault.NONE);
    }

    /** Returns whether the order of this step and another one can make a difference. */
    boolean dependsOn(Step other) {
        if (actor == other.actor && !late && !other.late) {
            return true;
        }
        boolean isEvent = (kind == Kind.EVENT && other.noticesEvents) || (other.kind == Kind.EVENT && noticesEvents);
        boolean causes = actor == other.actor && number == other.number;
        boolean bothUseTheFault = fault != Fault.NONE && other.fault != Fault.NONE;
        boolean bothRead = kind == Kind.READ && other.kind == Kind.READ;
        boolean isOrdered = kind.isOrdered() || other.kind.isOrdered();
        boolean conflict = isOrdered || (reachesStore() && other.reachesStore() && !bothRead);
        return isEvent || causes || bothUseTheFault || (conflict && key.equals(other.key));
    }

    private boolean reachesStore() {
        return fault == Fault.NONE || fault == Fault.DONE_RESPONSE_LOST || fault == Fault.STOP_AFTER;
    }

    @Override
    public String toString() {
        return "R" + actor + "." + number + ":" + call + "(" + key.text().substring(0, 4) + ")"
                + (late ? " arrives" : "") + (fault == Fault.NONE ? "" : " " + fault);
    }
}
