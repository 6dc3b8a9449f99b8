package dev.sojourn;

/** What happens when stored data cannot be read. The listener is told and an error is logged in either case. */
public enum WhenUnreadable {
    /** The session ends; the client starts anew. The default: half a session is a riddle for the application. */
    END_SESSION,
    /**
     * An unreadable attribute reads as absent and stays stored until it is set anew: for rolling deploys in which old
     * and new instances disagree about a type. A record that is unreadable as a whole still ends.
     */
    IGNORE_ATTRIBUTE
}
