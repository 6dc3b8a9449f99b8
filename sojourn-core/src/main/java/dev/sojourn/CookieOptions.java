package dev.sojourn;

import dev.sojourn.engine.EngineFactory;
import dev.sojourn.engine.EngineFactory.CookieFlag;
import dev.sojourn.spi.TokenTransport;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of the session cookie, or of the refresh cookie. {@code HttpOnly} is always on. An option that browsers would reject fails at
 * start-up.
 *
 * <p>Not thread-safe; use it only inside the lambda that receives it.
 */
public final class CookieOptions {
    private final String baseName;
    private @Nullable String name;
    private String path = "/";
    private @Nullable String domain;
    private SameSite sameSite = SameSite.LAX;
    private final Set<CookieFlag> flags = EnumSet.of(CookieFlag.SECURE);
    private @Nullable CookiePriority priority;
    private CookieLifetime lifetime = CookieLifetime.browserSession();

    CookieOptions() {
        this("id");
    }

    /** @param baseName the default name without its prefix */
    private CookieOptions(String baseName) {
        this.baseName = baseName;
    }

    /** Returns a cookie for refresh tokens: sent to this site by this site only, and kept as long as the session. */
    static TokenTransport forRefreshTokens(Consumer<CookieOptions> options) {
        CookieOptions chosen =
                new CookieOptions("refresh").sameSite(SameSite.STRICT).lifetime(CookieLifetime.session());
        options.accept(chosen);
        return chosen.build();
    }

    /**
     * Sets the cookie's name. Default: {@code __Host-id}; {@code __Secure-id} with a domain or a path; {@code id} with
     * {@link #insecureHttp()}. For a refresh cookie, {@code refresh} replaces {@code id}. A name should not reveal the framework (OWASP).
     *
     * <p>If a servlet container mounts the application at a context path, the default name includes that path: {@code
     * __Host-id.shop} for {@code /shop}. The container's other applications reject its tokens, even with the same
     * secret. A name that is set here is used unchanged everywhere.
     *
     * @param name a token (RFC 9110 §5.6.2); the prefix {@code __Host-} needs Secure, path {@code /} and no domain;
     *     {@code __Secure-} needs Secure (RFC 6265bis §4.1.3)
     * @return this
     */
    public CookieOptions name(String name) {
        this.name = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Sets the path below which the browser sends the cookie. Default {@code /}. Requests outside the path have no
     * session.
     *
     * @param path begins with a slash
     * @return this
     */
    public CookieOptions path(String path) {
        this.path = Objects.requireNonNull(path, "path");
        this.flags.remove(CookieFlag.PATH_STRIPPED);
        return this;
    }

    /**
     * Sets a cookie path that only the browser sees: the prefix under which a proxy publishes this application and
     * which the proxy strips from requests. Use it instead of {@link #path} if the proxy serves {@code /shop/cart} from
     * this application's {@code /cart}. Every request that reaches the application then has a session, whatever its
     * path.
     *
     * @param path begins with a slash, for example {@code /shop}
     * @return this
     */
    public CookieOptions publicPath(String path) {
        this.path = Objects.requireNonNull(path, "path");
        this.flags.add(CookieFlag.PATH_STRIPPED);
        return this;
    }

    /**
     * Sets the domain whose hosts all receive the cookie. Default: none, so that only the host that set the cookie
     * receives it. With a domain, any host below it can set the cookie, and the prefix {@code __Host-} cannot be used.
     *
     * @param domain a host name of at least two labels
     * @return this
     */
    public CookieOptions domain(String domain) {
        this.domain = Objects.requireNonNull(domain, "domain");
        return this;
    }

    /**
     * Sets when the browser sends the cookie. Default {@link SameSite#LAX}; {@link SameSite#STRICT} for a refresh cookie.
     *
     * @param rule the rule; always written to the header
     * @return this
     */
    public CookieOptions sameSite(SameSite rule) {
        this.sameSite = Objects.requireNonNull(rule, "rule");
        return this;
    }

    /**
     * Keeps a separate cookie for each top-level site that embeds this site (CHIPS). Default: off. Useful only with
     * {@link SameSite#NONE}. An unpartitioned cookie of the same name is removed.
     *
     * @return this
     */
    public CookieOptions partitioned() {
        this.flags.add(CookieFlag.PARTITIONED);
        return this;
    }

    /**
     * Sets which cookies Chromium drops first. Default: not sent, which means medium.
     *
     * @param priority the priority
     * @return this
     */
    public CookieOptions priority(CookiePriority priority) {
        this.priority = Objects.requireNonNull(priority, "priority");
        return this;
    }

    /**
     * Sets how long the browser keeps the cookie. Default {@link CookieLifetime#browserSession()}; {@link
     * CookieLifetime#session()} for a refresh cookie.
     *
     * @param lifetime the lifetime
     * @return this
     */
    public CookieOptions lifetime(CookieLifetime lifetime) {
        this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
        return this;
    }

    /**
     * Omits {@code Secure}, so that the cookie is also sent over plain http. Anyone on the network path can then read
     * it and take over the session. Intended for closed networks and tests. {@code http://localhost} does not need it.
     *
     * @return this
     */
    public CookieOptions insecureHttp() {
        this.flags.remove(CookieFlag.SECURE);
        return this;
    }

    TokenTransport build() {
        return EngineFactory.cookieTransport(baseName, name, path, domain, sameSite, flags, priority, lifetime);
    }
}
