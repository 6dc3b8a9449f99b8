package dev.sojourn;

import dev.sojourn.engine.RememberRules;
import java.time.Duration;
import java.util.Objects;

/**
 * The options of remember-me: a cookie that signs a user in again when the session has expired. See {@link
 * Sessions.Config#rememberMe}.
 *
 * <p>Not thread-safe; use it only inside the lambda that receives it.
 */
public final class RememberOptions {
    private RememberRules rules = RememberRules.DEFAULT;

    RememberOptions() {}

    /**
     * Sets how long a browser is remembered, counted from {@link Session#remember()}; nothing extends it. Default 30 days.
     * A browser that is remembered already keeps the lifetime that it began with.
     *
     * @param lifetime longer than the idle timeout (without one, than the absolute timeout), at most 400 days, which is as long as
     *     browsers keep a cookie
     * @return this
     */
    public RememberOptions lifetime(Duration lifetime) {
        rules = rules.withLifetime(Objects.requireNonNull(lifetime, "lifetime"));
        return this;
    }

    /**
     * Sets the name of the cookie. Default: derived from the name of the session cookie. {@code __Host-remember} for {@code
     * __Host-id}; {@code __Secure-remember} with a domain or a path; {@code remember} over plain http. For a session cookie whose
     * name the application has set, that name and {@code -remember}. Path, domain, {@code SameSite} and {@code Secure} are
     * always those of the session cookie.
     *
     * @param name a token (RFC 9110 §5.6.2), not the name of the session cookie
     * @return this
     */
    public RememberOptions cookieName(String name) {
        rules = rules.withCookieName(Objects.requireNonNull(name, "name"));
        return this;
    }

    /**
     * Accepts a token once more after its 30 seconds, for this long, if its browser may never have received the next one: the
     * response was lost, and the browser was closed before it asked again. Default {@link Duration#ZERO}: not at all, so that
     * such a browser counts as a thief and is forgotten. With this option, a thief who has a copy of the previous token is
     * signed in once before the browser's next use ends both.
     *
     * @param window more than 30 seconds, at most 30 days; {@link Duration#ZERO} for not at all
     * @return this
     */
    public RememberOptions lostAnswers(Duration window) {
        rules = rules.withLostResponses(Objects.requireNonNull(window, "window"));
        return this;
    }

    RememberRules rules() {
        return rules;
    }
}
