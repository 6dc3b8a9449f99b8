package dev.sojourn.engine;

import dev.sojourn.spi.SessionSettings;

/**
 * What a response does with the client's token, decided while the request runs.
 *
 * <p>The token of an unchanged id is sent again only together with a write of the head's own commit: sent without one, it
 * could overwrite the token of a login that another request has made in the meantime.
 */
final class TokenResponse {
    /** What a response does. */
    enum Kind {
        /** Nothing. */
        NOTHING,
        /** Removes the tokens that can be removed, because the client has several that contradict each other. */
        UNTANGLE,
        /** Sends the client's token again, if the record was written in this very commit. */
        REPEAT,
        /** Sends a new token. */
        GIVE,
        /** Removes the client's token, which is worthless. */
        TAKE_AWAY
    }

    private Kind kind = Kind.NOTHING;
    /** The settings of the token that is removed: browsers require the same cookie attributes again. */
    private SessionSettings takenSettings = SessionSettings.AS_CONFIGURED;

    /** Whether a client that has a token may get the same one again. */
    private final boolean repeats;

    private boolean settingsChanged;
    /** Whether the record was written in the head's own commit. */
    private boolean isRepeatSafe;

    TokenResponse() {
        this(true);
    }

    private TokenResponse(boolean repeats) {
        this.repeats = repeats;
    }

    /** Returns one for clients that get tokens only where the application issues them. */
    static TokenResponse withoutRepetition() {
        return new TokenResponse(false);
    }

    /** Sends the client's token again, unless it gets a new one. */
    void repeat() {
        if (repeats && kind != Kind.GIVE) {
            kind = Kind.REPEAT;
        }
    }

    boolean isRepeatDue() {
        return kind == Kind.REPEAT;
    }

    /** Does not send the token again, because the record was not written. */
    void cancelRepeat() {
        kind = kind == Kind.REPEAT ? Kind.NOTHING : kind;
    }

    /** Notes that the record was written. Sends the token again if the cookie's settings were changed. */
    void noteWrite(CommitPoint point) {
        if (settingsChanged) {
            repeat();
        }
        if (kind == Kind.REPEAT) {
            isRepeatSafe = point == CommitPoint.HEAD;
        }
        settingsChanged = false;
    }

    void untangle() {
        kind = kind == Kind.NOTHING ? Kind.UNTANGLE : kind;
    }

    void give() {
        kind = Kind.GIVE;
        settingsChanged = false;
    }

    /** Does not send a new token, because its session has ended and the client never had it. */
    void cancelGive() {
        kind = kind == Kind.GIVE ? Kind.NOTHING : kind;
    }

    /** Removes the client's token, which was issued under these settings. */
    void takeAway(SessionSettings issuedUnder) {
        kind = Kind.TAKE_AWAY;
        takenSettings = issuedUnder;
    }

    void noteSettingsChange() {
        settingsChanged = true;
    }

    void forgetSettingsChange() {
        settingsChanged = false;
    }

    SessionSettings takenSettings() {
        return takenSettings;
    }

    /** Returns what the head does with the token. */
    Kind kind() {
        return kind == Kind.REPEAT && !isRepeatSafe ? Kind.NOTHING : kind;
    }
}
