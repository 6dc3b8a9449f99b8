package dev.sojourn;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a browser keeps the cookie. The server's timeouts decide when a session ends, regardless of the cookie.
 * Immutable.
 */
public final class CookieLifetime {
    /** The longest lifetime that browsers accept (RFC 6265bis §5.5): 400 days. */
    public static final Duration LONGEST = Duration.ofDays(400);

    private static final CookieLifetime BROWSER_SESSION = new CookieLifetime(Duration.ZERO, Kind.BROWSER_SESSION);
    private static final CookieLifetime SESSION = new CookieLifetime(Duration.ZERO, Kind.SESSION);

    private final Duration duration;
    private final Kind kind;

    private CookieLifetime(Duration duration, Kind kind) {
        this.duration = duration;
        this.kind = kind;
    }

    /**
     * Returns a lifetime that ends with the browser's session, which is the default. The cookie has no {@code Max-Age}.
     * It is not sent again while the session keeps its id.
     *
     * @return the lifetime
     */
    public static CookieLifetime browserSession() {
        return BROWSER_SESSION;
    }

    /**
     * Returns a lifetime that ends with the session. {@code Max-Age} is the session's remaining time. The cookie is
     * sent again whenever that time changes.
     *
     * @return the lifetime
     */
    public static CookieLifetime session() {
        return SESSION;
    }

    /**
     * Returns a fixed lifetime, which starts each time the cookie is sent.
     *
     * @param maxAge at least one second, at most {@link #LONGEST}; truncated to whole seconds
     * @return the lifetime
     * @throws IllegalArgumentException if the time is out of these bounds
     */
    public static CookieLifetime of(Duration maxAge) {
        Duration seconds =
                Duration.ofSeconds(Objects.requireNonNull(maxAge, "maxAge").toSeconds());
        if (seconds.isNegative() || seconds.isZero() || seconds.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a cookie's maxAge must be between 1 second and 400 days, but was "
                    + maxAge + "; to remove the cookie, destroy the session");
        }
        return new CookieLifetime(seconds, Kind.FIXED);
    }

    /**
     * Returns whether the cookie ends with the browser's session.
     *
     * @return true for {@link #browserSession()}
     */
    public boolean isBrowserSession() {
        return kind == Kind.BROWSER_SESSION;
    }

    /**
     * Returns whether the cookie ends with the session.
     *
     * @return true for {@link #session()}
     */
    public boolean isSession() {
        return kind == Kind.SESSION;
    }

    /**
     * Returns the fixed lifetime.
     *
     * @return the lifetime; {@link Duration#ZERO} if it is not fixed
     */
    public Duration maxAge() {
        return duration;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CookieLifetime that && that.kind == kind && that.duration.equals(duration);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, duration);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case BROWSER_SESSION -> "browserSession";
            case SESSION -> "session";
            case FIXED -> duration.toString();
        };
    }

    private enum Kind {
        BROWSER_SESSION,
        SESSION,
        FIXED
    }
}
