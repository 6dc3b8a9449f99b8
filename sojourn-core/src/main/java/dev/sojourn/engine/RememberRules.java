package dev.sojourn.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code Sessions.Config.rememberMe}, unchecked.
 *
 * @param lifetime how long a browser is remembered
 * @param lostResponses how long a token whose successor may be lost is accepted once more; zero for not at all
 * @param cookieName the name of the cookie; null for one derived from the session cookie's
 */
public record RememberRules(
        Duration lifetime, Duration lostResponses, @Nullable String cookieName) {
    /** The defaults. */
    public static final RememberRules DEFAULT = new RememberRules(Duration.ofDays(30), Duration.ZERO, null);

    /**
     * Returns these options with another lifetime.
     *
     * @param changed how long a browser is remembered
     * @return the options
     */
    public RememberRules withLifetime(Duration changed) {
        return new RememberRules(changed, lostResponses, cookieName);
    }

    /**
     * Returns these options with another time for lost responses.
     *
     * @param changed how long a token whose successor may be lost is accepted
     * @return the options
     */
    public RememberRules withLostResponses(Duration changed) {
        return new RememberRules(lifetime, changed, cookieName);
    }

    /**
     * Returns these options with another name of the cookie.
     *
     * @param changed the name
     * @return the options
     */
    public RememberRules withCookieName(String changed) {
        return new RememberRules(lifetime, lostResponses, changed);
    }
}
