package dev.sojourn;

/**
 * One session's own cookie settings. They are kept in its record, win over the configuration, and are sent when they
 * change. Name, path, domain and partition are not among them: they are what a browser tells cookies apart by, and a
 * second cookie beside the first would be the result.
 *
 * <p>Used like the {@link Session} that it came from.
 */
public interface SessionCookie {
    /**
     * How long the client keeps the token.
     *
     * @return the session's own lifetime, or else the configured one
     */
    CookieLifetime lifetime();

    /**
     * Says how long the client keeps the token. The session's own timeouts stay as they are: somebody who is to stay
     * signed in for 30 days needs {@link Session#idleTimeout} and {@link Session#absoluteTimeout} of 30 days too.
     *
     * @param lifetime the lifetime
     */
    void lifetime(CookieLifetime lifetime);

    /**
     * When the browser sends the cookie.
     *
     * @return the session's own rule, or else the configured one
     */
    SameSite sameSite();

    /**
     * Says when the browser sends the cookie.
     *
     * @param rule the rule; {@link SameSite#NONE} needs a Secure cookie
     * @throws IllegalArgumentException if browsers would refuse the cookie
     */
    void sameSite(SameSite rule);
}
