package dev.sojourn.engine;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.SessionView;
import dev.sojourn.engine.RefreshTokenFormat.RefreshToken;
import dev.sojourn.engine.TokenLookup.Candidate;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.spi.TokenTransport.RequestTokens;
import dev.sojourn.spi.TokenTransport.Terms;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client of a request whose sessions have access tokens and refresh tokens. It names its session by an access token, and
 * gets tokens only where the application issues them. The refresh cookie never names the session of a request.
 */
final class FamilyClient extends ClientToken {
    /** An honest client sends one; a few more are considered where another host can plant cookies. */
    private static final int MOST_COOKIES = 8;

    private final FamilySettings families;
    private final TokenRequest request;
    private final TokenView view;
    /** The session that this request began or was given, by its id; null if only an access token names one. */
    private @Nullable VerifiedId own;
    /** The session of a request that has ended, for a detached session; else null. */
    private @Nullable StoreKey resumed;
    /** Whether the application issues tokens at this moment, so that a new session reaches its client. */
    private boolean isIssuing;
    /** Why the latest attempt to issue tokens could not save the session; null if it could. */
    private @Nullable SessionException issueFailure;
    /** Whether the response depends on the refresh cookie. */
    private boolean usedCookie;
    /** The store key of the session whose refresh token is in this response's cookie; null if there is none. */
    private @Nullable StoreKey inCookie;
    /** The store key of the session that this request has ended last; null if it has ended none. */
    private @Nullable StoreKey ended;

    FamilyClient(EngineSettings settings, FamilySettings families, Exchange exchange, EventBuffer events) {
        super(settings, exchange, events);
        this.families = families;
        this.request = new TokenRequest(families.views, exchange(), events);
        this.view = new TokenView(families.views, request, events);
    }

    private FamilyClient(FamilyClient before, EventBuffer next) {
        super(before.settings, before.exchange(), next);
        this.families = before.families;
        this.request = before.request.inNextScope(next);
        this.view = new TokenView(families.views, request, next);
        this.own = before.own;
        this.resumed = before.resumed;
        this.usedCookie = before.usedCookie;
        this.inCookie = before.inCookie;
        continueFrom(before);
    }

    @Override
    ClientToken inNextScope(EventBuffer next) {
        return new FamilyClient(this, next);
    }

    // ---- which session

    @Override
    void replaceToken(@Nullable VerifiedId token) {
        own = token == null ? own : token;
    }

    @Override
    void resume(SessionName session) {
        if (session.id() == null) {
            resumed = session.key();
        } else {
            own = new VerifiedId(session.id(), false);
        }
    }

    @Override
    @Nullable
    VerifiedId verifiedToken() {
        return own;
    }

    /** Checks the access token, at the first use. */
    @Override
    @Nullable
    StoreKey namedKey() {
        if (resumed != null) {
            return resumed;
        }
        AccessToken token = request.token();
        if (token == null) {
            return null;
        }
        if (token.sessionKey() == null) {
            throw request.refuse(TokenRefusal.NOT_ISSUED, "it names no session of this application");
        }
        return token.sessionKey();
    }

    @Override
    SessionState withoutNamedSession() {
        if (resumed != null) {
            return SessionState.None.INSTANCE;
        }
        throw request.refuse(TokenRefusal.REVOKED, "its session has ended");
    }

    /** Does no I/O: empty until an access token whose check may block has been checked. */
    @Override
    Optional<String> publicId() {
        if (own != null) {
            return Optional.of(SessionIds.publicId(settings.recordFormat.keyOf(own.id())));
        }
        if (request.mayBlock()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(request.token()).map(AccessToken::sessionId);
        } catch (SessionException e) {
            return Optional.empty();
        }
    }

    @Override
    List<Candidate> candidates() {
        return List.of();
    }

    @Override
    boolean isAmbiguous() {
        return false;
    }

    @Override
    @Nullable
    String tagOf(String subject, Runnable beforeBlocking) {
        beforeBlocking.run();
        return families.revocations.freshTag(subject);
    }

    /** Returns the id of the session whose refresh token is in the request's cookie: browsers send nothing else unasked. */
    @Override
    @Nullable
    String idOfToken() {
        return tokenInCookie().map(RefreshToken::id).orElse(null);
    }

    // ---- issuing

    /** Runs a commit whose new session the client will get tokens for. */
    void whileIssuing(Runnable commit) {
        isIssuing = true;
        try {
            commit.run();
            issueFailure = null;
        } catch (SessionException e) {
            issueFailure = e;
            throw e;
        } finally {
            isIssuing = false;
        }
    }

    @Override
    boolean isDeliverable() {
        return isIssuing;
    }

    @Override
    void checkDeliverable() {
        if (isIssuing) {
            return;
        }
        if (issueFailure != null) {
            // The changes that could not be saved are still there: the response reports why, not that no tokens were
            // issued.
            throw issueFailure;
        }
        throw new SessionUndeliverableException(
                "no session without tokens: after a login, changeId, regenerate or the first"
                        + " set, call tokens.issue(session) or tokens.issueInCookie(session) before the response is sent, and"
                        + " give the client what it returns");
    }

    /** A failed handler has not come to issuing tokens, and its response is not to be replaced by a complaint about that. */
    @Override
    boolean forgoesNewSession() {
        return !isIssuing && issueFailure == null && exchange().isFailure();
    }

    /** Forbids caches to keep this response, which carries tokens in its body. */
    void noteIssued() {
        respond(() -> CacheHeaders.forbid(exchange()));
    }

    // ---- the refresh cookie

    private TokenTransport cookie() {
        return settings.routes.get(0).transport();
    }

    /** Throws if the refresh cookie could not be given to this client. */
    void checkCookieDeliverable() {
        Optional<String> refusal = cookie().refusal(exchange());
        if (refusal.isPresent()) {
            throw new SessionUndeliverableException("no refresh cookie for this client: " + refusal.get());
        }
    }

    /** Gives the client the cookie with the refresh token of a session. */
    void giveInCookie(String refreshToken, StoreKey session, Terms terms) {
        inCookie = session;
        respond(() -> {
            cookie().write(exchange(), refreshToken, terms);
            CacheHeaders.forbid(exchange());
        });
    }

    /**
     * Returns the refresh token in the request's cookie; empty unless there is one cookie. Another host of the site may have
     * planted a cookie whose name has no prefix {@code __Host-}: of several such cookies those count that this application
     * issued, if they are of one session. If not, the response removes those that can be removed, so that a later refresh works.
     */
    Optional<RefreshToken> tokenInCookie() {
        List<RefreshToken> issued = tokensInCookie();
        if (cookie().read(exchange()).tokens().size() > 1
                && !(cookie() instanceof CookieTransport cookie && cookie.canBePlanted(exchange()))) {
            return Optional.empty();
        }
        if (issued.stream().map(RefreshToken::id).distinct().count() <= 1) {
            return issued.stream().max(Comparator.comparingLong(RefreshToken::generation));
        }
        untangle();
        return Optional.empty();
    }

    /** Returns the tokens in the request's cookies that this application issued. */
    private List<RefreshToken> tokensInCookie() {
        usedCookie = true;
        return cookie().read(exchange()).tokens().stream()
                .limit(MOST_COOKIES)
                .flatMap(text -> families.refresh.read(text).stream())
                .toList();
    }

    /** Returns why the request's refresh cookie does not count, if {@link #tokenInCookie} is empty; null if there is none. */
    @Nullable
    TokenRefusal refusalOfCookie() {
        RequestTokens found = cookie().read(exchange());
        if (found.tokens().size() > 1) {
            return TokenRefusal.AMBIGUOUS;
        }
        return found.refused() || !found.tokens().isEmpty() ? TokenRefusal.NOT_ISSUED : null;
    }

    /** Notes that this request has ended a session, so that it may remove that session's cookie. */
    @Override
    void noteEnded(StoreKey session) {
        ended = session;
    }

    /** Removes the refresh cookie if it is that of the session that this request has ended: it may be a newer one's. */
    @Override
    void takeAway(Terms terms) {
        StoreKey session = ended;
        boolean isItsCookie = session != null && (inCookie != null ? inCookie.equals(session) : isCookieOf(session));
        respond(() -> {
            if (isItsCookie) {
                cookie().clear(exchange(), terms);
            }
            CacheHeaders.forbid(exchange());
        });
    }

    private boolean isCookieOf(StoreKey session) {
        return tokensInCookie().stream()
                .anyMatch(token -> settings.recordFormat.keyOf(token.id()).equals(session));
    }

    // ---- the response

    @Override
    TokenResponse newResponse() {
        return TokenResponse.withoutRepetition();
    }

    /** No response gives a token but those that issue one. */
    @Override
    void give(@Nullable String sessionId, long generation, Terms terms) {}

    @Override
    void setOwnHeaders() {
        repeatResponse();
        vary();
    }

    @Override
    void vary() {
        request.vary();
        if (usedCookie && !exchange().isCommitted()) {
            HeaderLists.add(exchange(), "Vary", cookie().varyHeader());
        }
    }

    // ---- the view

    @Override
    SessionView view(Session session) {
        return view;
    }

    @Override
    void loadView(ScopedSession session) {
        request.token();
    }

    @Override
    boolean viewMayBlock() {
        return request.mayBlock();
    }

    @Override
    boolean isRefreshDue() {
        return request.isRefreshDue();
    }

    @Override
    void beforeBlocking(Runnable check) {
        request.beforeBlocking(check);
    }

    @Override
    void beforeUse(Runnable check) {
        view.beforeUse(check);
    }

    @Override
    void close() {
        view.close();
    }
}
