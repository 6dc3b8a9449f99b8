package dev.sojourn;

/**
 * The cookie settings of one session. They are kept in its record, override the configuration, and are sent when they
 * change. Name, path, domain and partition cannot be set: browsers identify a cookie by them, so a change would add a
 * second cookie.
 *
 * <p>The rules for using {@link Session} apply.
 */
public interface SessionCookie {
    /**
     * Returns how long the client keeps the token.
     *
     * @return the session's own lifetime, or else the configured one
     */
    CookieLifetime lifetime();

    /**
     * Sets how long the client keeps the token. The session's timeouts stay unchanged: to keep a user signed in for 30
     * days, also set {@link Session#idleTimeout} and {@link Session#absoluteTimeout} to 30 days.
     *
     * @param lifetime the lifetime
     */
    void lifetime(CookieLifetime lifetime);

    /**
     * Returns when the browser sends the cookie.
     *
     * @return the session's own rule, or else the configured one
     */
    SameSite sameSite();

    /**
     * Sets when the browser sends the cookie.
     *
     * @param rule the rule; {@link SameSite#NONE} needs a Secure cookie
     * @throws IllegalArgumentException if browsers would reject the cookie
     */
    void sameSite(SameSite rule);
}
