package dev.sojourn.histories;

/** The kinds of operations; the path of a request is the name in lower case. */
enum OperationKind {
    /** Creates a session with the name of its owner. */
    START("POST"),
    /** Reads all attributes. */
    READ("GET"),
    /** Appends the operation's number to a list, by {@code session.update}. */
    MARK("POST"),
    /** Increments a number, by {@code session.update}. */
    COUNT("POST"),
    /** Sets one of two attributes to the operation's number. */
    SET("POST"),
    /** Appends the operation's number to another list, by a get and a set in an exclusive session. */
    NAIVE("POST"),
    /** Signs the owner's user in, with a new id. */
    LOGIN("POST"),
    /** Ends the session. */
    LOGOUT("POST"),
    /** Lists the user's sessions and ends one other than the current one. */
    END_ONE("POST"),
    /** Ends the user's other sessions. */
    END_OTHERS("POST"),
    /** Ends all sessions of the user. */
    END_ALL("POST");

    private final String method;

    OperationKind(String method) {
        this.method = method;
    }

    /** Returns whether the operation may end other sessions of its user. */
    boolean mayEndOthers() {
        return this == END_ONE || this == END_OTHERS || this == END_ALL;
    }

    /** Returns whether the operation may end several sessions of its user, each by a separate write. */
    boolean mayEndSeveral() {
        return this == END_OTHERS || this == END_ALL;
    }

    String method() {
        return method;
    }
}
