package dev.sojourn.histories;

/** What a client asked a node for; the path of the request is its name in small letters. */
enum Kind {
    /** A new session, marked with its owner. */
    START("POST"),
    /** Everything that is in the session. */
    READ("GET"),
    /** Appends its own number to a list, by {@code session.update}. */
    MARK("POST"),
    /** Adds one to a number, by {@code session.update}. */
    COUNT("POST"),
    /** Sets one of two attributes to its own number. */
    SET("POST"),
    /** Appends its own number to another list, by a plain get, then set, in an exclusive session. */
    NAIVE("POST"),
    /** Signs the owner's user in: a new id. */
    LOGIN("POST"),
    /** Ends the session. */
    LOGOUT("POST"),
    /** Lists the user's sessions and ends one that is not this one. */
    END("POST"),
    /** Ends the user's other sessions. */
    OTHERS("POST"),
    /** Ends all sessions of the user. */
    EVERYWHERE("POST");

    private final String method;

    Kind(String method) {
        this.method = method;
    }

    /** Whether it may end other sessions of its user. */
    boolean endsOthers() {
        return this == END || this == OTHERS || this == EVERYWHERE;
    }

    /** Whether it may end more than one session of its user, each by a change of its own. */
    boolean endsSeveral() {
        return this == OTHERS || this == EVERYWHERE;
    }

    String method() {
        return method;
    }
}
