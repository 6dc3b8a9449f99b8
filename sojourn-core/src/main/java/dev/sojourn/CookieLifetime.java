package dev.sojourn;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a browser keeps the cookie. The server's own timeouts decide when a session ends, whatever the cookie says.
 * Immutable.
 */
public final class CookieLifetime {
    /** The most that browsers keep a cookie (RFC 6265bis §5.5): 400 days. */
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
     * Until the browser ends its session, the default: a cookie without {@code Max-Age}. It is never sent again while
     * its id stays.
     *
     * @return the lifetime
     */
    public static CookieLifetime browserSession() {
        return BROWSER_SESSION;
    }

    /**
     * As long as the session: {@code Max-Age} is the time that is left to it, and the cookie is sent again whenever
     * that moves.
     *
     * @return the lifetime
     */
    public static CookieLifetime session() {
        return SESSION;
    }

    /**
     * A fixed time from each sending on.
     *
     * @param maxAge at least one second, at most {@link #LONGEST}; cut to whole seconds
     * @return the lifetime
     * @throws IllegalArgumentException if the time is out of these bounds
     */
    public static CookieLifetime of(Duration maxAge) {
        Duration seconds =
                Duration.ofSeconds(Objects.requireNonNull(maxAge, "maxAge").toSeconds());
        if (seconds.isNegative() || seconds.isZero() || seconds.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a cookie's maxAge lies between 1 second and 400 days, not " + maxAge
                    + "; to take the cookie away, destroy the session");
        }
        return new CookieLifetime(seconds, Kind.FIXED);
    }

    /**
     * Whether the cookie ends with the browser's session.
     *
     * @return true for {@link #browserSession()}
     */
    public boolean isBrowserSession() {
        return kind == Kind.BROWSER_SESSION;
    }

    /**
     * Whether the cookie ends with the session.
     *
     * @return true for {@link #session()}
     */
    public boolean isSession() {
        return kind == Kind.SESSION;
    }

    /**
     * The fixed time.
     *
     * @return the time; {@link Duration#ZERO} where none was given
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
