package dev.sojourn;

import dev.sojourn.engine.CrossSiteSettings;
import java.util.List;

/**
 * The options of the protection against cross-site request forgery (CSRF). It is on by default: a request with a cookie of
 * these sessions and a method that may change something (any but {@code GET}, {@code HEAD}, {@code OPTIONS} and {@code
 * TRACE}), or with a WebSocket handshake, is refused with 403 if a page of another site made the browser send it. {@code
 * Sec-Fetch-Site}, {@code Origin} and {@code Referer} show that, in this order.
 *
 * <p>All methods return the same object. Not thread-safe; use it only inside the lambda that receives it. Values that
 * browsers would not send, and options that contradict each other, fail when the sessions are created, with {@link
 * IllegalArgumentException}.
 */
public final class CsrfOptions {
    private final CrossSiteSettings.Builder settings;

    CsrfOptions(CrossSiteSettings.Builder settings) {
        this.settings = settings;
    }

    /**
     * Adds origins of other sites whose pages may send requests with a cookie: another subdomain, or another port. Default:
     * none. Every page of such an origin can act for its visitors, so trust as few as possible.
     *
     * @param origins each as browsers send it: {@code https://app.example.com}, with a port unless it is the default one
     * @return this
     */
    public CsrfOptions trustedOrigin(String... origins) {
        settings.trustedOrigins.addAll(List.of(origins));
        return this;
    }

    /**
     * Adds origins under which browsers reach this application. Default: the scheme and the {@code Host} of the request,
     * from trusted proxies also {@code X-Forwarded-Proto}, {@code X-Forwarded-Host} and {@code Forwarded}; see {@link
     * CommonConfig#trustedProxies}. With this option, only these origins are the application's own. Needed only behind a
     * proxy that replaces the {@code Host} and is not trusted, and only for browsers without {@code Sec-Fetch-Site}.
     *
     * @param origins each as browsers send it, for example {@code https://shop.example}
     * @return this
     */
    public CsrfOptions ownOrigin(String... origins) {
        settings.ownOrigins.addAll(List.of(origins));
        return this;
    }

    /**
     * Adds paths that are not checked, with all paths below them: callbacks that another site sends through the browser, such
     * as a form post of OpenID Connect or SAML. Default: none. A path that a router could read in several ways is checked:
     * with two dots, with a parameter, with another case, or with an escape in the part that is named here.
     *
     * @param paths each begins with a slash, below the path at which the application is mounted
     * @return this
     */
    public CsrfOptions exempt(String... paths) {
        settings.exempt.addAll(List.of(paths));
        return this;
    }

    /**
     * Adds paths, with all paths below them, that also need a CSRF token: in the header {@code X-CSRF-Token}, or in a form
     * field that the handler passes to {@link EditableSession#requireCsrfToken} before it uses the session. Until then, each
     * use of the session throws {@link CrossSiteRequestException}. Default: none; then a token only helps a browser whose
     * headers say nothing. In doubt a path is one of these.
     *
     * @param paths each begins with a slash
     * @return this
     */
    public CsrfOptions requireToken(String... paths) {
        settings.requireToken.addAll(List.of(paths));
        return this;
    }

    /**
     * Adds paths, with all paths below them, at which requests without a cookie of these sessions are checked too: a login,
     * so that another site cannot sign its visitors in to another account. Default: none. In doubt a path is one of these.
     *
     * @param paths each begins with a slash
     * @return this
     */
    public CsrfOptions checkWithoutCookie(String... paths) {
        settings.checkWithoutCookie.addAll(List.of(paths));
        return this;
    }

    /**
     * Refuses nothing, and reports what would be refused to {@link SessionListener#onCrossSiteRequest} and to the log. For
     * finding the origins to trust before the protection is switched on. Default: off.
     *
     * @return this
     */
    public CsrfOptions reportOnly() {
        settings.reportOnly = true;
        return this;
    }

    /**
     * Switches the protection off, for an application that has another one in front of its handlers. {@link
     * EditableSession#requireCsrfToken} still works. Default: on.
     *
     * @return this
     */
    public CsrfOptions off() {
        settings.off = true;
        return this;
    }
}
