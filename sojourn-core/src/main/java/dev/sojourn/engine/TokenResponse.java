package dev.sojourn.engine;

import dev.sojourn.spi.SessionSettings;

/**
 * What a response has to say about the token, as the request goes on.
 *
 * <p>The token of an unchanged id is sent again only beside a write of the head's own commit: sent without one, it could
 * overwrite the token of a login that another request has made meanwhile.
 */
final class TokenResponse {
    /** What a response says. */
    enum Kind {
        /** Nothing. */
        NOTHING,
        /** The client has several tokens that contradict each other: what can be taken away is. */
        UNTANGLE,
        /** The client may get the token it has again, if the record was written in this very commit. */
        REPEAT,
        /** The client has a new token. */
        GIVE,
        /** The client's token is worthless. */
        TAKE_AWAY
    }

    private Kind kind = Kind.NOTHING;
    /** What the token that is taken away was given under: browsers want to see the same attributes again. */
    private SessionSettings taken = SessionSettings.AS_CONFIGURED;
    /** Whether the cookie's own settings were changed. */
    private boolean changed;
    /** Whether the record was written in the head's own commit. */
    private boolean repeatIsSafe;

    /** The client's token is due to be sent again. */
    void repeat() {
        kind = Kind.REPEAT;
    }

    boolean repeats() {
        return kind == Kind.REPEAT;
    }

    /** The record was not written after all. */
    void repeatIsOff() {
        kind = kind == Kind.REPEAT ? Kind.NOTHING : kind;
    }

    /** The record was written. Sends the token again if that is wanted. */
    void written(boolean wanted, boolean inTheHeadsCommit) {
        if ((wanted || changed || kind == Kind.REPEAT) && kind != Kind.GIVE) {
            kind = Kind.REPEAT;
            repeatIsSafe = inTheHeadsCommit;
        }
        changed = false;
    }

    void untangle() {
        kind = kind == Kind.NOTHING ? Kind.UNTANGLE : kind;
    }

    void give() {
        kind = Kind.GIVE;
        changed = false;
    }

    /** A new token is worth nothing any more, and the client never had it. */
    void giveNot() {
        kind = kind == Kind.GIVE ? Kind.NOTHING : kind;
    }

    void takeAway(SessionSettings givenUnder) {
        kind = Kind.TAKE_AWAY;
        taken = givenUnder;
    }

    void settingsChanged() {
        changed = true;
    }

    void forgetSettings() {
        changed = false;
    }

    SessionSettings taken() {
        return taken;
    }

    Kind atHead() {
        return kind == Kind.REPEAT && !repeatIsSafe ? Kind.NOTHING : kind;
    }
}
