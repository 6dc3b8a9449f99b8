package dev.sojourn;

/** What happens when stored data cannot be read. The listener is notified and an error is logged in either case. */
public enum UnreadablePolicy {
    /**
     * The session ends; the client starts with a new one. For applications in which a missing attribute would grant
     * something, such as one that marks a user as banned or as requiring a second factor.
     */
    END_SESSION,
    /**
     * An unreadable attribute reads as absent and stays stored until it is set again. A deployment that changes a class
     * signs no user out, and a rollback finds all data unchanged. The default. {@link Session#update} passes null to
     * its function, and the result replaces the attribute. A record that is unreadable as a whole still ends the
     * session.
     */
    IGNORE_ATTRIBUTE
}
