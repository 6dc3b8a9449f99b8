package dev.sojourn.engine;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.SessionView;
import dev.sojourn.engine.TokenLookup.Candidate;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import dev.sojourn.spi.TokenTransport.Terms;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The token of one request's client: the one that came with the request, and what the response does with it. */
class ClientToken {
    final EngineSettings settings;
    private final Exchange exchange;
    final EventBuffer events;
    /** The remember-me cookie; null if the application remembers no browsers. */
    private @Nullable RememberClient remember;

    private @Nullable TokenLookup lookup;
    /** What the response last did with the token. */
    private Runnable lastResponse = () -> {};
    /** The live sessions of all tokens, where the client sent several. */
    private List<RecordSnapshot> rivals = List.of();
    /** Whether a change of this request is in the store. */
    private boolean partSaved;

    ClientToken(EngineSettings settings, Exchange exchange, EventBuffer events) {
        this.settings = settings;
        this.exchange = new ProxiedExchange(exchange, settings.proxies);
        this.events = events;
        this.remember =
                settings.remember == null ? null : new RememberClient(settings.remember, settings, this.exchange);
    }

    /**
     * Returns the same client in the next scope of its request, with the token that it has by then.
     *
     * @param next the event buffer of that scope
     */
    ClientToken inNextScope(EventBuffer next) {
        ClientToken same = new ClientToken(settings, exchange, next);
        same.lookup = lookup;
        same.continueFrom(this);
        return same;
    }

    /** Goes on with what the client in the scope before has received. */
    final void continueFrom(ClientToken before) {
        lastResponse = before.lastResponse;
        partSaved = before.partSaved;
        remember = before.remember;
    }

    /** Replaces the token that the client came with; null keeps it. */
    void replaceToken(@Nullable VerifiedId token) {
        if (token != null) {
            lookup = lookup().withToken(token);
        }
    }

    /** Goes on with a live session that another request has found. */
    void resume(SessionName session) {
        replaceToken(new VerifiedId(Objects.requireNonNull(session.id(), "a session with a token has an id"), false));
    }

    /** Sets the headers of the last scope again, where a framework may have dropped them since. */
    void repeatResponse() {
        lastResponse.run();
        setRememberHeaders();
    }

    private void setRememberHeaders() {
        if (remember != null) {
            remember.setHeaders();
        }
    }

    /** Returns the remember-me cookie; null if the application remembers no browsers. */
    @Nullable
    RememberClient remember() {
        return remember;
    }

    /** Sets the response's headers by this, now and in the next scope. */
    final void respond(Runnable response) {
        lastResponse = response;
        response.run();
    }

    /** Returns what a response of this client does with its token. */
    TokenResponse newResponse() {
        return new TokenResponse();
    }

    /** Returns the store key of the session that an access token names; null if the client came with none. */
    @Nullable
    StoreKey namedKey() {
        return null;
    }

    /** Returns what the request goes on with if the session that {@link #namedKey} names is not live; or throws. */
    SessionState withoutNamedSession() {
        return SessionState.None.INSTANCE;
    }

    /** Returns what can be read of the client's session: the session itself, or its access token. */
    SessionView view(Session session) {
        return session;
    }

    /** Loads what {@link #view} shows. */
    void loadView(ScopedSession session) {
        session.load();
    }

    /** Whether {@link #loadView} may block. Does no I/O. */
    boolean viewMayBlock() {
        return publicId().isPresent() || (remember != null && remember.isPresent());
    }

    /**
     * Returns the tag of a user who signs in, for the record; null if there is none. May block.
     *
     * @param beforeBlocking a check of the calling thread
     */
    @Nullable
    String tagOf(String subject, Runnable beforeBlocking) {
        return null;
    }

    /** Whether {@link #loadView} blocks only because the list of revocations has to be read. Does no I/O. */
    boolean isRefreshDue() {
        return false;
    }

    /** Notes that this request has ended a session. */
    void noteEnded(StoreKey session) {}

    /** Sets the headers that a response needs even if its request has not used the session itself. */
    void setOwnHeaders() {
        setRememberHeaders();
    }

    /** Sets a check of the calling thread, run before a check of an access token that may block. */
    void beforeBlocking(Runnable check) {}

    /** Sets a check of whether the view may be used now, run before each call. */
    void beforeUse(Runnable check) {}

    /** Ends the use of the view. */
    void close() {}

    /** Returns the public id of the session that the client's token opens. */
    Optional<String> publicId() {
        return Optional.ofNullable(verifiedToken())
                .map(token -> SessionIds.publicId(settings.recordFormat.keyOf(token.id())));
    }

    /** Returns the id of the session whose token the client came with; null if there is none, or several. Does no I/O. */
    @Nullable
    String idOfToken() {
        VerifiedId token = verifiedToken();
        return token == null ? null : token.id();
    }

    /** Returns the request, as trusted proxies describe it. */
    Exchange exchange() {
        return exchange;
    }

    DetachedExchange detachedExchange() {
        return new DetachedExchange(
                exchange.path(), exchange.routePath(), exchange.remoteAddress(), exchange.isSecure());
    }

    /** Whether the request's path is configured as exclusive. */
    boolean isCoveredBy(LeaseManager leases) {
        return leases.covers(exchange);
    }

    /** Whether the request's path is configured as quiet, so that it does not count as use of the session. */
    boolean isQuiet() {
        return settings.quiet.cover(exchange);
    }

    /** Returns the verified token that the client came with, or null. */
    @Nullable
    VerifiedId verifiedToken() {
        return lookup().verified();
    }

    /** Returns what the request carried. The headers are parsed once. */
    private TokenLookup lookup() {
        if (lookup == null) {
            lookup = TokenLookup.in(
                    exchange, settings.routes, settings.otherRoutes, settings.routeOfNewTokens(exchange));
            TokenRefusal refusal = lookup.refusal();
            if (refusal != null && lookup.candidates().isEmpty()) {
                tokenRefused(refusal);
            }
            if (refusal == TokenRefusal.NOT_ISSUED) {
                settings.strangeTokens.check(exchange, settings.routes);
            }
        }
        return lookup;
    }

    final void tokenRefused(TokenRefusal refusal) {
        String address = exchange.remoteAddress();
        events.add(listener -> listener.onTokenRefused(address, refusal));
    }

    /** Returns several valid tokens, among which only the store can choose; empty if there is at most one. */
    List<Candidate> candidates() {
        return lookup().verified() == null ? lookup().candidates() : List.of();
    }

    /** Notes the live sessions of several tokens. */
    void noteRivals(List<RecordSnapshot> live) {
        rivals = live;
    }

    /** Returns the live sessions of several tokens; empty if the client sent one token or none. */
    List<RecordSnapshot> rivals() {
        return rivals;
    }

    /** Chooses one of several tokens. */
    void choose(Candidate one) {
        lookup = lookup().choose(one);
    }

    /** Refuses all of several tokens. */
    void refuseAll() {
        tokenRefused(TokenRefusal.AMBIGUOUS);
    }

    /** Whether the client came with several tokens, none of which counts. */
    boolean isAmbiguous() {
        return lookup().isAmbiguous();
    }

    /** Removes the contradicting tokens that can be removed, so that the client's next request is unambiguous. */
    void untangle() {
        respond(() -> {
            boolean any = false;
            for (TokenRoute route : settings.routes) {
                any |= route.transport().clearStrayTokens(exchange);
            }
            if (any) {
                CacheHeaders.forbid(exchange);
            }
        });
    }

    /** Notes that a change of this request is in the store: from now on no failure may report that nothing is. */
    void notePartSaved() {
        partSaved = true;
    }

    /** Returns a failure as this client sees it: marked if a part was saved before. */
    SessionException forClient(SessionException failure) {
        return partSaved && !failure.isPartlySaved() ? failure.toPartlySaved() : failure;
    }

    /** Whether a new token could be given to this client. */
    boolean isDeliverable() {
        return lookup().next().transport().refusal(exchange).isEmpty();
    }

    /**
     * Whether the client keeps its token in a cookie, and another one could be given to it. Not every server sends a cookie with
     * a handshake.
     */
    boolean isRenewable() {
        TokenRoute route = lookup().route();
        return route.isCookie()
                && !CrossSiteGuard.isWebSocket(exchange)
                && route.transport().refusal(exchange).isEmpty();
    }

    /** Whether a new token could be given to this client, in a cookie. */
    boolean isDeliverableInCookie() {
        return lookup().next().transport() instanceof CookieTransport && isDeliverable();
    }

    /** Throws if a new token could not be given to this client. */
    void checkDeliverable() {
        Optional<String> refusal = lookup().next().transport().refusal(exchange);
        if (refusal.isPresent()) {
            throw new SessionUndeliverableException("no session for this client: " + refusal.get());
        }
    }

    /** Whether a new session is dropped at the commit instead, because the handler has failed. */
    boolean forgoesNewSession() {
        return false;
    }

    /**
     * @param sessionId the session's id; known, because the client came with it or the session is new
     * @param generation the generation of the token
     */
    void give(@Nullable String sessionId, long generation, Terms terms) {
        String id = Objects.requireNonNull(sessionId, "a session with a token has an id");
        VerifiedId came = verifiedToken();
        TokenRoute route = came != null && came.id().equals(id) ? lookup().route() : lookup().next();
        respond(route, terms, () -> route.give(exchange, id, generation, terms));
    }

    void takeAway(Terms terms) {
        TokenRoute route = lookup().route();
        respond(route, terms, () -> route.takeAway(exchange, terms));
    }

    /** Has the browser forget what it keeps of this site, in addition to the last response. */
    final void clearSiteData() {
        Runnable before = lastResponse;
        lastResponse = () -> {
            before.run();
            settings.siteData.clear(exchange);
        };
        settings.siteData.clear(exchange);
    }

    /**
     * Sets the response's headers. A client needs one token, so all other tokens that it came with are removed: those in the same
     * place as the response's token before it, so that it replaces them; other cookies after it, since curl does not delete
     * a cookie that is followed by another one.
     */
    private void respond(TokenRoute route, Terms terms, Runnable response) {
        respond(() -> {
            others(route)
                    .filter(other -> !other.isCookieOfOtherName(route, exchange))
                    .forEach(other -> other.takeAway(exchange, terms));
            response.run();
            others(route)
                    .filter(other -> other.isCookieOfOtherName(route, exchange))
                    .forEach(other -> other.takeAway(exchange, terms));
            CacheHeaders.forbid(exchange);
        });
    }

    /** Current routes are included only where tokens contradicted each other; else a client keeps what it came with. */
    private Stream<TokenRoute> others(TokenRoute route) {
        boolean contested = lookup().refusal() == TokenRefusal.AMBIGUOUS;
        return Stream.concat(contested ? settings.routes.stream() : Stream.empty(), settings.otherRoutes.stream())
                .filter(other -> !other.equals(route) && other.isUsedBy(exchange));
    }

    /** Sets {@code Vary}: the response depends on the client. */
    void vary() {
        settings.routes.forEach(
                route -> HeaderLists.add(exchange, "Vary", route.transport().varyHeader()));
        settings.otherRoutes.forEach(
                route -> HeaderLists.add(exchange, "Vary", route.transport().varyHeader()));
    }
}
