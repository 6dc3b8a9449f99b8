package dev.sojourn.engine;

import java.util.Set;

/**
 * What a commit does: the table "Store calls and cookies of a commit" of the protocols page as one pure function. It uses no store, no clock
 * and no header.
 */
enum CommitPlan {
    /** No store call, no header. */
    NOTHING,
    /** Extend the idle timeout. */
    TOUCH,
    /** Store a session that has no record. */
    CREATE,
    /** Save changes to the record. */
    REPLACE,
    /** Save the record as it was loaded, unless another request has changed it. */
    RESAVE,
    /** Store under a new id, then retire the old record. */
    CHANGE_ID,
    /** The session got a new id in another request: 409. */
    REFUSE_SUPERSEDED,
    /** The session was ended by another request, and this one wants a new id for it: 409. */
    REFUSE_ENDED,
    /** The store did not respond and there is something to save: 503. */
    REFUSE_UNAVAILABLE,
    /** The session was ended by another request: changes to it happened before that, and are dropped. */
    DROP;

    /** What the handler wants done with the id. */
    enum Intent {
        /** Nothing. */
        KEEP,
        /** {@code changeId}. */
        CHANGE_ID,
        /** {@code login}: its credentials were checked by this very request. */
        LOGIN,
        /** {@code regenerate}. */
        REGENERATE
    }

    /** What a commit may have to do, apart from the id. */
    enum Need {
        /** Attributes or settings differ from what was loaded. */
        SAVE_CHANGES,
        /** The handler called {@code destroy()} on a session that is superseded or unavailable. */
        DESTROY,
        /** The idle timeout is to be extended. */
        TOUCH,
        /** Empty sessions are stored ({@code saveUninitialized}). */
        SAVE_UNINITIALIZED,
        /** Unchanged sessions are saved ({@code resave}). */
        RESAVE
    }

    /**
     * What a request brings to its commit.
     *
     * @param state what it knows about its session
     * @param intent what it wants done with the id
     * @param needs what else there may be to do
     */
    record Situation(SessionState state, Intent intent, Set<Need> needs) {
        boolean needs(Need need) {
            return needs.contains(need);
        }
    }

    /** Whether this writes the request's changes. */
    boolean saves() {
        return this == CREATE || this == REPLACE || this == CHANGE_ID;
    }

    static CommitPlan of(Situation now) {
        SessionState state = now.state();
        if (state instanceof SessionState.Live) {
            return ofLive(now);
        }
        if (state.isAbsent()) {
            return wantsSession(now) || now.needs(Need.SAVE_CHANGES) || now.needs(Need.SAVE_UNINITIALIZED)
                    ? CREATE
                    : NOTHING;
        }
        if (state instanceof SessionState.Superseded) {
            return ofSuperseded(now);
        }
        if (state instanceof SessionState.Ended) {
            return ofEnded(now);
        }
        if (state instanceof SessionState.Unavailable) {
            return now.intent() != Intent.KEEP || now.needs(Need.SAVE_CHANGES) || now.needs(Need.DESTROY)
                    ? REFUSE_UNAVAILABLE
                    : NOTHING;
        }
        // Untouched or closed.
        return NOTHING;
    }

    /** Whether the request asked for a session even if nothing is in it. */
    private static boolean wantsSession(Situation now) {
        return now.intent() == Intent.LOGIN || now.intent() == Intent.REGENERATE;
    }

    private static CommitPlan ofLive(Situation now) {
        if (now.intent() != Intent.KEEP) {
            return CHANGE_ID;
        }
        if (now.needs(Need.SAVE_CHANGES)) {
            return REPLACE;
        }
        if (now.needs(Need.RESAVE)) {
            return RESAVE;
        }
        return now.needs(Need.TOUCH) ? TOUCH : NOTHING;
    }

    /** Only fresh credentials outweigh another request's login; anything else would undo it. */
    private static CommitPlan ofSuperseded(Situation now) {
        if (now.intent() == Intent.LOGIN) {
            return CREATE;
        }
        return now.intent() != Intent.KEEP || now.needs(Need.SAVE_CHANGES) || now.needs(Need.DESTROY)
                ? REFUSE_SUPERSEDED
                : NOTHING;
    }

    /** A session that begins empty has nothing of the ended one. */
    private static CommitPlan ofEnded(Situation now) {
        if (wantsSession(now)) {
            return CREATE;
        }
        if (now.intent() == Intent.CHANGE_ID) {
            return REFUSE_ENDED;
        }
        return now.needs(Need.SAVE_CHANGES) ? DROP : NOTHING;
    }
}
