package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.TypedAttributes;
import java.util.Set;
import java.util.stream.Collectors;

/** The engine behind {@code SealedSessions}: opens scopes and knows the parts. It has no store. */
public final class SealedEngine {
    private final SealedSettings settings;
    private final LogOnce complaints = new LogOnce();

    private SealedEngine(SealedSettings settings) {
        this.settings = settings;
    }

    /**
     * Creates an engine.
     *
     * @param settings the configuration
     * @return the engine
     */
    public static SealedEngine of(SealedSettings settings) {
        return new SealedEngine(settings);
    }

    /**
     * Opens the scope of a request; no I/O.
     *
     * @param exchange the request
     * @return the scope
     */
    public SessionScope open(Exchange exchange) {
        return new SealedScope(this, exchange);
    }

    /**
     * Returns the subject as which a user is signed in.
     *
     * @param user the user name
     * @return the subject
     */
    public String subject(String user) {
        return settings.subject(user);
    }

    /**
     * Returns the names of the cookies in which sealed sessions may come.
     *
     * @return the names
     */
    public Set<String> cookieNames() {
        return settings.transports.stream()
                .flatMap(CookieTransport::rulesOf)
                .map(CookieRules::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the request headers in which sealed sessions may come.
     *
     * @return their names
     */
    public Set<String> tokenHeaders() {
        return settings.transports.stream()
                .map(transport -> transport.varyHeader())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns what refuses requests of other sites. */
    CrossSiteGuard guard() {
        return settings.guard;
    }

    SealedClient client(Exchange exchange) {
        return new SealedClient(settings, exchange);
    }

    EventBuffer events() {
        return new EventBuffer(settings.listener, complaints);
    }

    SealedRequest request(SealedClient client, EventBuffer events) {
        return new SealedRequest(settings, client, events);
    }

    /** Whether only a signed-in user may make a request, because of its path. */
    boolean isSignInRequired(Exchange exchange) {
        return settings.signInPaths.cover(exchange);
    }

    /** Returns a session as the handler sees it. */
    HandlerSealedSession handlerSession(SealedRequest request) {
        return new HandlerSealedSession(settings, request);
    }

    /** Returns a session's attributes for an adapter whose values have types. */
    TypedAttributes typedAttributes(SealedRequest request) {
        return new HandlerAttributes(settings, request);
    }
}
