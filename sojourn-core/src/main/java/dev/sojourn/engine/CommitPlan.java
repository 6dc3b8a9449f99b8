package dev.sojourn.engine;

/**
 * What a commit does: the table of the design as one pure function. It knows no store, no clock and no header.
 */
enum CommitPlan {
    /** No store call, no header. */
    NOTHING,
    /** Restart the idle timeout. */
    TOUCH,
    /** Store a session that has no record. */
    CREATE,
    /** Save changes to the record. */
    REPLACE,
    /** Save the record as it was loaded, unless somebody changed it. */
    RESAVE,
    /** Store under a new id, then retire the old record. */
    MOVE,
    /** The session got a new id elsewhere: 409. */
    REFUSE_SUPERSEDED,
    /** The session was ended elsewhere and a new id for it was asked for: 409. */
    REFUSE_ENDED,
    /** The store did not answer and there is something to save: 503. */
    REFUSE_AWAY,
    /** The session was ended elsewhere: changes to it happened before that, and are dropped. */
    DROP;

    /** What a request knows of its session. */
    enum Standing {
        /** Nobody asked. */
        UNTOUCHED,
        /** There is none. */
        NONE,
        /** There is one. */
        LIVE,
        /** The token is of a session that got a new id. */
        SUPERSEDED,
        /** It was ended while this request was under way. */
        ENDED,
        /** The store did not answer, and reading went on as anonymous. */
        AWAY
    }

    /** What the handler asked of the id. */
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
     * @param standing what it knows of its session
     * @param intent what it asked of the id
     * @param changed whether attributes or settings differ from what was loaded
     * @param destroying whether a session it met as superseded or away was to be destroyed
     * @param touchDue whether the idle timeout is to be restarted
     * @param saveUninitialized whether empty sessions are stored
     * @param resave whether unchanged sessions are saved
     */
    record Situation(
            Standing standing,
            Intent intent,
            boolean changed,
            boolean destroying,
            boolean touchDue,
            boolean saveUninitialized,
            boolean resave) {}

    static CommitPlan of(Situation now) {
        return switch (now.standing()) {
            case UNTOUCHED -> NOTHING;
            case NONE -> begins(now) || now.changed() || now.saveUninitialized() ? CREATE : NOTHING;
            case LIVE -> live(now);
            case SUPERSEDED -> superseded(now);
            case ENDED -> ended(now);
            case AWAY -> now.intent() != Intent.KEEP || now.changed() || now.destroying() ? REFUSE_AWAY : NOTHING;
        };
    }

    /** Whether the request asked for a session even if nothing is in it. */
    private static boolean begins(Situation now) {
        return now.intent() == Intent.LOGIN || now.intent() == Intent.REGENERATE;
    }

    private static CommitPlan live(Situation now) {
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
    private static CommitPlan superseded(Situation now) {
        if (now.intent() == Intent.LOGIN) {
            return CREATE;
        }
        return now.intent() != Intent.KEEP || now.changed() || now.destroying() ? REFUSE_SUPERSEDED : NOTHING;
    }

    /** A session that begins empty has nothing of the ended one. */
    private static CommitPlan ended(Situation now) {
        if (begins(now)) {
            return CREATE;
        }
        if (now.intent() == Intent.CHANGE_ID) {
            return REFUSE_ENDED;
        }
        return now.changed() ? DROP : NOTHING;
    }
}
