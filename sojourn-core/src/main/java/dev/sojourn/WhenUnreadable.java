package dev.sojourn;

/** What happens when stored data cannot be read. The listener is told and an error is logged in either case. */
public enum WhenUnreadable {
    /**
     * The session ends; the client starts anew. For applications in which an attribute that is missing would grant
     * something, such as one that says that a user is banned or has a second factor to show.
     */
    END_SESSION,
    /**
     * An unreadable attribute reads as absent and stays stored until it is set anew, so that a deployment that changes a
     * class signs nobody out, and one that takes it back finds everything as it was. The default. {@link Session#update}
     * hands null to its function, whose result takes the attribute's place. A record that is unreadable as a whole still
     * ends.
     */
    IGNORE_ATTRIBUTE
}
