package dev.sojourn.engine;

import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.engine.SealedState.Condemned;
import dev.sojourn.engine.SealedState.Live;
import dev.sojourn.engine.SealedState.UnknownKey;
import java.util.Set;

/**
 * What a commit of a sealed session does: the table "Cookies of a sealed session" of the protocols page as one pure
 * function. It uses no key, no clock and no header.
 */
enum SealedPlan {
    /** No header. */
    NOTHING,
    /** Seal the session again, under its id. */
    SEAL,
    /** Seal a session that the client does not have yet. */
    BEGIN,
    /** Seal the session under a new id; copies of the old one are worthless. */
    REPLACE,
    /** End the session, then seal it under a new id. */
    END_AND_REPLACE,
    /** End the session, then remove the cookie. */
    END,
    /** End the session, then seal another one that the client does not have yet. */
    END_AND_BEGIN,
    /** This node has no key for the client's session: 503. */
    REFUSE_UNKNOWN_KEY,
    /** The cookie would be too large. The client keeps the one that it has. */
    REFUSE_TOO_LARGE;

    /** What a commit may have to do, apart from the id. */
    enum Need {
        /** Attributes or settings differ from what was opened. */
        SAVE_CHANGES,
        /** The handler called {@code destroy()}. */
        DESTROY,
        /** The idle timeout is to be extended, or one of several cookies is to be the only one. */
        TOUCH
    }

    /** Whether what is to be sealed fits into a cookie. */
    enum Size {
        /** It does, or nothing is to be sealed. */
        FITS,
        /** It does not. */
        TOO_LARGE
    }

    /**
     * What a request brings to its commit.
     *
     * @param state what it knows about its session
     * @param intent what it wants done with the id
     * @param needs what else there may be to do
     * @param size the size of what is to be sealed
     */
    record Situation(SealedState state, Intent intent, Set<Need> needs, Size size) {
        boolean needs(Need need) {
            return needs.contains(need);
        }
    }

    static SealedPlan of(Situation now) {
        SealedPlan plan = ofFitting(now);
        boolean seals = plan != NOTHING && plan != END && plan != REFUSE_UNKNOWN_KEY;
        if (now.size() == Size.FITS || !seals) {
            return plan;
        }
        // Only a touch can be left out.
        return plan == SEAL && !now.needs(Need.SAVE_CHANGES) ? NOTHING : REFUSE_TOO_LARGE;
    }

    private static SealedPlan ofFitting(Situation now) {
        boolean wants = now.intent() != Intent.KEEP || now.needs(Need.SAVE_CHANGES);
        SealedState state = now.state();
        if (state instanceof Live live) {
            return ofLive(now, live.session());
        }
        if (state instanceof Condemned) {
            return wants ? END_AND_BEGIN : END;
        }
        if (state instanceof UnknownKey) {
            // A login replaces whatever the client has, which is not the user's who signs in, or planted.
            return now.intent() == Intent.LOGIN
                    ? BEGIN
                    : wants || now.needs(Need.DESTROY) ? REFUSE_UNKNOWN_KEY : NOTHING;
        }
        return state.isAbsent() && wants ? BEGIN : NOTHING;
    }

    private static SealedPlan ofLive(Situation now, SealedRecord session) {
        return switch (now.intent()) {
            case KEEP -> now.needs(Need.SAVE_CHANGES) || now.needs(Need.TOUCH) ? SEAL : NOTHING;
            // A copy of a session without a user gives access to nothing of a user.
            case LOGIN -> session.record().subject() == null ? REPLACE : END_AND_REPLACE;
            case REGENERATE, CHANGE_ID -> END_AND_REPLACE;
        };
    }
}
