package dev.sojourn.spi;

import dev.sojourn.CookieLifetime;
import dev.sojourn.SameSite;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one session that override the configuration; null if the configuration applies. Immutable.
 *
 * @param idleTimeout its idle timeout; {@link Duration#ZERO} for none
 * @param absoluteTimeout its absolute timeout; {@link Duration#ZERO} for none
 * @param cookieLifetime how long its cookie lives
 * @param sameSite its cookie's {@code SameSite}
 */
public record SessionSettings(
        @Nullable Duration idleTimeout,
        @Nullable Duration absoluteTimeout,
        @Nullable CookieLifetime cookieLifetime,
        @Nullable SameSite sameSite) {
    /** No overrides. */
    public static final SessionSettings AS_CONFIGURED = new SessionSettings(null, null, null, null);

    /**
     * Returns these settings with another idle timeout.
     *
     * @param timeout the timeout
     * @return the settings
     */
    public SessionSettings withIdleTimeout(Duration timeout) {
        return new SessionSettings(timeout, absoluteTimeout, cookieLifetime, sameSite);
    }

    /**
     * Returns these settings with another absolute timeout.
     *
     * @param timeout the timeout
     * @return the settings
     */
    public SessionSettings withAbsoluteTimeout(Duration timeout) {
        return new SessionSettings(idleTimeout, timeout, cookieLifetime, sameSite);
    }

    /**
     * Returns these settings with another cookie lifetime.
     *
     * @param lifetime the lifetime
     * @return the settings
     */
    public SessionSettings withCookieLifetime(CookieLifetime lifetime) {
        return new SessionSettings(idleTimeout, absoluteTimeout, lifetime, sameSite);
    }

    /**
     * Returns these settings with another {@code SameSite}.
     *
     * @param rule the rule
     * @return the settings
     */
    public SessionSettings withSameSite(SameSite rule) {
        return new SessionSettings(idleTimeout, absoluteTimeout, cookieLifetime, rule);
    }
}
