package dev.sojourn.engine;

import dev.sojourn.CookieLifetime;
import dev.sojourn.CookiePriority;
import dev.sojourn.EditableSession;
import dev.sojourn.SameSite;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenTransport;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Creates transports and request predicates for the public API, so that their classes stay hidden. */
public final class EngineFactory {
    private EngineFactory() {}

    /** The properties of a cookie that it has or does not have. */
    public enum CookieFlag {
        /** A proxy strips the cookie's path from requests, so that requests need not be below it here. */
        PATH_STRIPPED,
        /** Browsers keep one cookie for each embedding site. */
        PARTITIONED,
        /** Browsers send it over https only. */
        SECURE
    }

    /**
     * Creates a cookie transport.
     *
     * @param baseName the default name without its prefix
     * @param name the name, or null for the safest one that the other options allow; each application of a server then
     *     has a separate cookie
     * @param path the path
     * @param domain the domain, or null
     * @param sameSite when browsers send it
     * @param flags what else it is
     * @param priority the priority, or null
     * @param lifetime how long browsers keep it
     * @return the transport
     * @throws IllegalArgumentException if browsers would reject the cookie
     */
    public static TokenTransport cookieTransport(
            String baseName,
            @Nullable String name,
            String path,
            @Nullable String domain,
            SameSite sameSite,
            Set<CookieFlag> flags,
            @Nullable CookiePriority priority,
            CookieLifetime lifetime) {
        CookieRules rules = CookieRules.of(baseName, name, path, domain, sameSite, flags, priority, lifetime);
        return name == null ? CookieTransport.namedByApplication(rules) : new CookieTransport(rules);
    }

    /**
     * Creates a transport that uses a custom header.
     *
     * @param name the header's name
     * @return the transport
     * @throws IllegalArgumentException if this is not a header name
     */
    public static TokenTransport headerTransport(String name) {
        return new HeaderTransport(name);
    }

    /**
     * Creates a transport that uses {@code Authorization: Bearer}.
     *
     * @param responseHeader the name of the response header for new tokens
     * @return the transport
     */
    public static TokenTransport bearerTransport(String responseHeader) {
        return new BearerTransport(responseHeader);
    }

    /**
     * Returns when a session ends. Loads it if it is not loaded yet.
     *
     * @param session a request's session
     * @return its times as JSON, as last loaded or saved
     * @throws IllegalArgumentException if it is of another implementation
     * @throws dev.sojourn.SessionUnavailableException if the store is unavailable, whatever the policy for that
     */
    public static String status(EditableSession session) {
        return times(session).toJson();
    }

    /**
     * Returns whether a client has no session. Loads it if it is not loaded yet.
     *
     * @param session a request's session
     * @return true if there is none
     * @throws IllegalArgumentException if it is of another implementation
     * @throws dev.sojourn.SessionUnavailableException if the store is unavailable, whatever the policy for that
     */
    public static boolean hasNoSession(EditableSession session) {
        times(session);
        return session.isNew();
    }

    /**
     * Returns when a session ends once its idle timeout has been restarted. Loads it if it is not loaded yet.
     *
     * @param session a request's session
     * @return its times as JSON
     * @throws IllegalArgumentException if it is of another implementation
     * @throws dev.sojourn.SessionUnavailableException if the store is unavailable, whatever the policy for that
     */
    public static String extendedStatus(EditableSession session) {
        return times(session).extended().toJson();
    }

    private static SessionTimes times(EditableSession session) {
        if (session instanceof EditableHandlerSession<?> own) {
            own.request().refuseIfUnread();
            return own.times();
        }
        throw new IllegalArgumentException("this session was not returned by Sojourn.session(…) or Sojourn.sealed(…)");
    }

    /**
     * Creates a predicate that matches requests for some paths and everything below them.
     *
     * @param paths each begins with a slash
     * @return the predicate
     * @throws IllegalArgumentException if one is not a plain path
     */
    public static Predicate<Exchange> pathsBelow(List<String> paths) {
        return PathRules.of("such a", paths)::cover;
    }
}
