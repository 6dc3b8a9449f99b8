package dev.sojourn.engine;

import dev.sojourn.IssuedTokens;
import dev.sojourn.Session;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.TokenRefusedException;
import dev.sojourn.engine.RefreshTokenFormat.RefreshToken;
import dev.sojourn.engine.SessionState.Live;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.SessionRecord.Generation;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenTransport.Terms;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Issues, refreshes and revokes the tokens of sessions: the engine behind {@code TokenSessions}, next to the one that opens
 * scopes. Thread-safe.
 */
public final class TokenEngine {
    /** What the listener receives where a token came as a text, without its request. */
    private static final String UNKNOWN_ADDRESS = "";

    private final Engine engine;
    private final EngineSettings settings;
    private final FamilySettings families;

    /** A request's session, as {@code TokenSessions} gets it from a handler. */
    private record Request(ScopedSession session, FamilyClient client) {}

    private TokenEngine(Engine engine, EngineSettings settings, FamilySettings families) {
        this.engine = engine;
        this.settings = settings;
        this.families = families;
    }

    /**
     * Creates an engine in real time.
     *
     * @param settings the configuration, with {@link FamilyOptions}
     * @return the engine
     */
    public static TokenEngine of(EngineSettings settings) {
        return of(settings, RetryPacer.REAL);
    }

    /**
     * Creates an engine that waits as a pacer does, for proofs.
     *
     * @param settings the configuration, with {@link FamilyOptions}
     * @param pacer how it waits
     * @return the engine
     */
    public static TokenEngine of(EngineSettings settings, RetryPacer pacer) {
        return new TokenEngine(
                Engine.of(settings, pacer), settings, Objects.requireNonNull(settings.families, "families"));
    }

    /**
     * Returns the engine that opens the scopes of requests.
     *
     * @return the engine
     */
    public Engine engine() {
        return engine;
    }

    // ---- issuing

    /**
     * Saves a session and issues its tokens.
     *
     * @param session the session of a request
     * @return an access token and a refresh token
     */
    public IssuedTokens issue(Session session) {
        Request request = request(session);
        Live saved = save(request);
        request.client().noteIssued();
        return tokens(saved.snapshot(), refreshToken(saved));
    }

    /**
     * Saves a session, issues its tokens, and puts the refresh token into a cookie of the response.
     *
     * @param session the session of a request
     * @return an access token
     */
    public IssuedTokens issueInCookie(Session session) {
        Request request = request(session);
        request.client().checkCookieDeliverable();
        Live saved = save(request);
        request.client()
                .giveInCookie(
                        refreshToken(saved), saved.key(), request.session().terms());
        return tokens(saved.snapshot(), null);
    }

    private Request request(Session session) {
        if (session instanceof HandlerSession handed && handed.request().client() instanceof FamilyClient client) {
            return new Request(handed.request(), client);
        }
        throw new IllegalArgumentException(
                "this session is not one of TokenSessions: pass what Sojourn.session(...) returns");
    }

    private Live save(Request request) {
        ScopedSession session = request.session();
        if (session.isNamedByKeyAlone()) {
            throw new IllegalStateException(
                    "this request came with an access token, from which no refresh token can be made:"
                            + " call tokens.refresh(...) with the refresh token, or log in again");
        }
        try {
            request.client().whileIssuing(() -> {
                session.begin();
                session.save();
            });
        } catch (RuntimeException | Error e) {
            // Without tokens a new session cannot be delivered: a later commit must not fail for that, and hide this
            // failure.
            session.abandon();
            throw e;
        }
        return session.live();
    }

    private String refreshToken(Live session) {
        return refreshToken(
                Objects.requireNonNull(session.id(), "a session that was saved has an id"), session.snapshot());
    }

    private String refreshToken(String id, RecordSnapshot snapshot) {
        Generation generation =
                Objects.requireNonNull(snapshot.record().generation(), "a session of TokenSessions has a generation");
        return families.refresh.write(id, generation.number());
    }

    private IssuedTokens tokens(RecordSnapshot snapshot, @Nullable String refreshToken) {
        AccessToken access = families.accessToken(snapshot);
        return new IssuedTokens(
                families.access.issue(access), Duration.between(access.issuedAt(), access.expiresAt()), refreshToken);
    }

    // ---- refreshing

    /**
     * Exchanges a refresh token.
     *
     * @param refreshToken what the client sent
     * @return an access token and a refresh token, new ones or those of a request that was lost
     */
    public IssuedTokens refresh(String refreshToken) {
        EventBuffer events = engine.events();
        try {
            RefreshToken token = families.refresh
                    .read(refreshToken)
                    .orElseThrow(() -> refused(UNKNOWN_ADDRESS, TokenRefusal.NOT_ISSUED, events));
            RecordSnapshot snapshot = refresh(token, UNKNOWN_ADDRESS, ended -> {}, events);
            return tokens(snapshot, refreshToken(token.id(), snapshot));
        } finally {
            events.deliver();
        }
    }

    /**
     * Exchanges the refresh token in a request's cookie.
     *
     * @param session the session of the request, which is not loaded
     * @return an access token
     */
    public IssuedTokens refreshFromCookie(Session session) {
        Request request = request(session);
        FamilyClient client = request.client();
        request.session().beginExchange();
        client.checkCookieDeliverable();
        String address = client.exchange().remoteAddress();
        RefreshToken token = client.tokenInCookie().orElseThrow(() -> {
            TokenRefusal refusal = client.refusalOfCookie();
            return refusal == null ? new TokenRefusedException() : refused(address, refusal, client.events);
        });
        RecordSnapshot snapshot = refresh(
                token,
                address,
                ended -> {
                    client.noteEnded(ended.key());
                    client.takeAway(terms(ended));
                },
                client.events);
        client.giveInCookie(refreshToken(token.id(), snapshot), snapshot.key(), terms(snapshot));
        return tokens(snapshot, null);
    }

    private Terms terms(RecordSnapshot snapshot) {
        return settings.terms(
                snapshot.record().settings(),
                settings.deadlines.end(snapshot.stored().expiresAt(), snapshot.record()));
    }

    /**
     * Exchanges a refresh token, and returns the record with the generation that its client gets.
     *
     * @param address the client's address, for the listener
     * @param whenEnded receives the session if this call has ended it
     */
    private RecordSnapshot refresh(
            RefreshToken token, String address, Consumer<RecordSnapshot> whenEnded, EventBuffer events) {
        StoreKey key = settings.recordFormat.keyOf(token.id());
        if (families.isRevoked(key)) {
            // A node died before it had ended the session, or another one is ending it at this moment.
            end(key, DestroyReason.DESTROYED, events).ifPresent(whenEnded);
            throw refused(address, TokenRefusal.REVOKED, events);
        }
        RotationOutcome outcome = engine.records().rotate(key, token.generation(), families, events);
        if (outcome instanceof RotationOutcome.Current current) {
            return current.snapshot();
        }
        if (outcome instanceof RotationOutcome.Recovered recovered) {
            SessionInfo info = info(recovered.snapshot());
            events.add(listener -> listener.onStoreLostWrites(info));
            return recovered.snapshot();
        }
        if (outcome instanceof RotationOutcome.Reused reused) {
            SessionInfo info = info(reused.snapshot());
            events.add(listener -> listener.onTokenReused(info));
            end(reused.snapshot(), DestroyReason.TOKEN_REUSED, events).ifPresent(whenEnded);
            // Reported as what it is: onTokenReused.
            throw new TokenRefusedException();
        }
        if (outcome instanceof RotationOutcome.UserEnded over) {
            end(over.snapshot(), DestroyReason.REVOKED, events).ifPresent(whenEnded);
        }
        throw refused(address, TokenRefusal.REVOKED, events);
    }

    private static TokenRefusedException refused(String address, TokenRefusal reason, EventBuffer events) {
        events.add(listener -> listener.onTokenRefused(address, reason));
        return new TokenRefusedException();
    }

    // ---- ending

    /**
     * Ends the session of a token (RFC 7009). Does nothing if the token is unknown or its session has ended.
     *
     * @param token a refresh token or an access token
     */
    public void revoke(String token) {
        EventBuffer events = engine.events();
        try {
            sessionOf(token).ifPresent(key -> end(key, DestroyReason.REVOKED, events));
        } finally {
            events.deliver();
        }
    }

    /** Returns the store key that a token names, also if the access tokens of its session are revoked. */
    private Optional<StoreKey> sessionOf(String token) {
        if (token.length() > BearerHeader.LONGEST) {
            return Optional.empty();
        }
        Optional<RefreshToken> refresh = families.refresh.read(token);
        return refresh.isPresent()
                ? refresh.map(found -> settings.recordFormat.keyOf(found.id()))
                : families.views.check.verify(token, settings.clock.instant()).map(AccessToken::sessionKey);
    }

    private Optional<RecordSnapshot> end(StoreKey key, DestroyReason reason, EventBuffer events) {
        return engine.records().load(key, events) instanceof StoredState.Live live
                ? end(live.snapshot(), reason, events)
                : Optional.empty();
    }

    /** Revokes the session's access tokens, then removes it. Returns it if this call did, and no other one. */
    private Optional<RecordSnapshot> end(RecordSnapshot snapshot, DestroyReason reason, EventBuffer events) {
        if (engine.records().end(snapshot, events).isEmpty()) {
            return Optional.empty();
        }
        SessionInfo info = info(snapshot);
        events.add(listener -> listener.onDestroyed(info, reason));
        return Optional.of(snapshot);
    }

    private SessionInfo info(RecordSnapshot snapshot) {
        return settings.deadlines.info(
                snapshot.key(), snapshot.record(), snapshot.stored().expiresAt());
    }
}
