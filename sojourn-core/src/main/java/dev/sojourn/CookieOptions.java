package dev.sojourn;

import dev.sojourn.engine.CookieRules;
import dev.sojourn.engine.CookieTransport;
import dev.sojourn.spi.TokenTransport;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The session cookie's options. {@code HttpOnly} is always on. What a browser would refuse is refused at start-up.
 *
 * <p>Not thread-safe; used within the lambda that it is given to.
 */
public final class CookieOptions {
    private @Nullable String name;
    private String path = "/";
    private boolean pathStripped;
    private @Nullable String domain;
    private SameSite sameSite = SameSite.LAX;
    private boolean partitioned;
    private boolean secure = true;
    private @Nullable CookiePriority priority;
    private CookieLifetime lifetime = CookieLifetime.browserSession();

    CookieOptions() {}

    /**
     * The cookie's name. Default: {@code __Host-id}; {@code __Secure-id} with a domain or a path of its own; {@code id}
     * with {@link #insecureHttp()}. A name that does not tell the framework is best (OWASP).
     *
     * <p>An application that a servlet container holds below a context path has that path in its cookie's default name,
     * {@code __Host-id.shop} for {@code /shop}, and its tokens are worth nothing to the container's other applications,
     * even with the same secret. A name that is set here is used as it is, everywhere.
     *
     * @param name a token (RFC 9110 §5.6.2); with the prefix {@code __Host-} it needs Secure, path {@code /} and no
     *     domain, with {@code __Secure-} it needs Secure (RFC 6265bis §4.1.3)
     * @return this
     */
    public CookieOptions name(String name) {
        this.name = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Below which path the browser sends the cookie. Default {@code /}. Requests elsewhere have no session.
     *
     * @param path begins with a slash
     * @return this
     */
    public CookieOptions path(String path) {
        this.path = Objects.requireNonNull(path, "path");
        this.pathStripped = false;
        return this;
    }

    /**
     * Sets the cookie's path to one that only the browser sees: the prefix under which a proxy publishes this application
     * and which the proxy strips from requests. Use it in place of {@link #path} when the proxy serves {@code /shop/cart}
     * from this application's {@code /cart}. Every request that reaches the application has a session then, whatever its
     * path.
     *
     * @param path begins with a slash, for example {@code /shop}
     * @return this
     */
    public CookieOptions publicPath(String path) {
        this.path = Objects.requireNonNull(path, "path");
        this.pathStripped = true;
        return this;
    }

    /**
     * The domain whose hosts all get the cookie. Default: none, only the host that set it. Any host below the domain can
     * then plant cookies: the prefix {@code __Host-} is lost.
     *
     * @param domain a host name of at least two labels
     * @return this
     */
    public CookieOptions domain(String domain) {
        this.domain = Objects.requireNonNull(domain, "domain");
        return this;
    }

    /**
     * When the browser sends the cookie. Default {@link SameSite#LAX}.
     *
     * @param rule the rule; always written out
     * @return this
     */
    public CookieOptions sameSite(SameSite rule) {
        this.sameSite = Objects.requireNonNull(rule, "rule");
        return this;
    }

    /**
     * Keeps a cookie for each top-level site that embeds this one (CHIPS). Default: off. Useful with
     * {@link SameSite#NONE} only. A cookie of the same name that is not partitioned is taken away.
     *
     * @return this
     */
    public CookieOptions partitioned() {
        this.partitioned = true;
        return this;
    }

    /**
     * Which cookies Chromium drops first. Default: not sent, which means medium.
     *
     * @param priority the priority
     * @return this
     */
    public CookieOptions priority(CookiePriority priority) {
        this.priority = Objects.requireNonNull(priority, "priority");
        return this;
    }

    /**
     * How long the browser keeps the cookie. Default {@link CookieLifetime#browserSession()}.
     *
     * @param lifetime the lifetime
     * @return this
     */
    public CookieOptions lifetime(CookieLifetime lifetime) {
        this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
        return this;
    }

    /**
     * Sends the cookie over plain http too, without {@code Secure}: everybody on the way can read it and become the
     * user. For closed networks and tests. {@code http://localhost} does not need it.
     *
     * @return this
     */
    public CookieOptions insecureHttp() {
        this.secure = false;
        return this;
    }

    TokenTransport build() {
        CookieRules rules =
                CookieRules.of(name, path, pathStripped, domain, sameSite, partitioned, secure, priority, lifetime);
        return name == null ? CookieTransport.namedByApplication(rules) : new CookieTransport(rules);
    }
}
