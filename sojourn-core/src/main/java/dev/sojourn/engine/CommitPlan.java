package dev.sojourn.engine;

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
    MOVE,
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

    /**
     * What a request brings to its commit.
     *
     * @param state what it knows about its session
     * @param intent what it wants done with the id
     * @param changed whether attributes or settings differ from what was loaded
     * @param destroying whether a session that is superseded or unavailable was to be destroyed
     * @param touchDue whether the idle timeout is to be extended
     * @param saveUninitialized whether empty sessions are stored
     * @param resave whether unchanged sessions are saved
     */
    record Situation(
            SessionState state,
            Intent intent,
            boolean changed,
            boolean destroying,
            boolean touchDue,
            boolean saveUninitialized,
            boolean resave) {}

    static CommitPlan of(Situation now) {
        SessionState state = now.state();
        if (state instanceof SessionState.Live) {
            return ofLive(now);
        }
        if (state.isAbsent()) {
            return wantsSession(now) || now.changed() || now.saveUninitialized() ? CREATE : NOTHING;
        }
        if (state instanceof SessionState.Superseded) {
            return ofSuperseded(now);
        }
        if (state instanceof SessionState.Ended) {
            return ofEnded(now);
        }
        if (state instanceof SessionState.Unavailable) {
            return now.intent() != Intent.KEEP || now.changed() || now.destroying() ? REFUSE_UNAVAILABLE : NOTHING;
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
            return MOVE;
        }
        if (now.changed()) {
            return REPLACE;
        }
        if (now.resave()) {
            return RESAVE;
        }
        return now.touchDue() ? TOUCH : NOTHING;
    }

    /** Only fresh credentials outweigh another request's login; anything else would undo it. */
    private static CommitPlan ofSuperseded(Situation now) {
        if (now.intent() == Intent.LOGIN) {
            return CREATE;
        }
        return now.intent() != Intent.KEEP || now.changed() || now.destroying() ? REFUSE_SUPERSEDED : NOTHING;
    }

    /** A session that begins empty has nothing of the ended one. */
    private static CommitPlan ofEnded(Situation now) {
        if (wantsSession(now)) {
            return CREATE;
        }
        if (now.intent() == Intent.CHANGE_ID) {
            return REFUSE_ENDED;
        }
        return now.changed() ? DROP : NOTHING;
    }
}
