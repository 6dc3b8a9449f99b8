package dev.sojourn.histories;

/** What a client does with a sealed session or with the tokens of a session. */
enum AccessKind {
    /** Signs in and gets the first tokens of a family, or a sealed session. */
    LOGIN,
    /** Reads the access token alone, or the sealed session. */
    USE,
    /** Loads the session of an access token from the store. */
    LOAD,
    /** Changes a sealed session, so that the client gets another cookie of it. */
    WRITE,
    /** Exchanges a refresh token. */
    REFRESH,
    /** Ends the session by its access token, or the sealed session. */
    LOGOUT,
    /** Ends the session by its refresh token. */
    REVOKE,
    /** Ends all sessions of the user. */
    END_ALL;

    String method() {
        return this == USE || this == LOAD ? "GET" : "POST";
    }

    /** Returns whether the request carries the refresh token. */
    boolean usesRefreshToken() {
        return this == REFRESH || this == REVOKE;
    }

    /** Returns whether success means that a token was accepted. A revocation endpoint accepts everything. */
    boolean provesAccess() {
        return this != LOGIN && this != REVOKE;
    }

    /** Returns whether the session must be in the store, so that its end counts at once on every node. */
    boolean readsStore() {
        return this == LOAD || this == REFRESH;
    }

    /** Returns whether it ends the session whose token it carries. */
    boolean endsOne() {
        return this == LOGOUT || this == REVOKE;
    }

    boolean ends() {
        return endsOne() || this == END_ALL;
    }
}
