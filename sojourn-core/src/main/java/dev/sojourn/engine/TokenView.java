package dev.sojourn.engine;

import dev.sojourn.Key;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.SessionView;
import dev.sojourn.SignIn;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be read of the session that a request's access token is a view of: the token's claims are its attributes. Without
 * a token it is anonymous and has no attributes. The token is checked at the first use. Used by one thread at a time.
 *
 * <p>A value is read anew at each call, so a change within a value that was returned changes nothing.
 */
final class TokenView implements SessionView {
    private final TokenSettings settings;
    private final TokenRequest request;
    private final EventBuffer events;
    private Runnable beforeUse = () -> {};
    private boolean closed;
    private @Nullable String publicId;
    /** When an anonymous view was first asked for its times. */
    private @Nullable Instant firstAsked;

    TokenView(TokenSettings settings, TokenRequest request, EventBuffer events) {
        this.settings = settings;
        this.request = request;
        this.events = events;
    }

    /** Sets a check of whether this view may be used now, run before each call. */
    void beforeUse(Runnable check) {
        beforeUse = check;
    }

    /** Ends the use of this view. */
    void close() {
        closed = true;
    }

    private @Nullable AccessToken token() {
        if (closed) {
            throw new IllegalStateException("this view's request has ended; a view belongs to one request");
        }
        beforeUse.run();
        return request.token();
    }

    private JsonMembers claims() {
        AccessToken token = token();
        return token == null ? JsonMembers.EMPTY : token.claims();
    }

    @Override
    public <T> @Nullable T get(String name, Class<T> type) {
        return get(name, (Type) type);
    }

    @Override
    public <T> @Nullable T get(Key<T> key) {
        return get(key.name(), key.type());
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // both callers give the T's own type
    private <T> @Nullable T get(String name, Type type) {
        Objects.requireNonNull(name, "name");
        Slice json = claims().get(name);
        if (json == null) {
            return null;
        }
        try {
            return settings.common.values.read(json, settings.common.values.type(type));
        } catch (UnreadableValueException e) {
            UnreadablePolicy policy = settings.common.whenUnreadable;
            events.unreadableClaim(publicId(), name, e, policy);
            if (policy == UnreadablePolicy.END_SESSION) {
                throw request.refuse(TokenRefusal.NOT_ISSUED, "one of its claims cannot be read");
            }
            return null;
        }
    }

    @Override
    public boolean has(String name) {
        return claims().get(name) != null;
    }

    @Override
    public boolean has(Key<?> key) {
        return has(key.name());
    }

    @Override
    public Set<String> names() {
        return new LinkedHashSet<>(claims().names());
    }

    @Override
    public Instant createdAt() {
        AccessToken token = token();
        if (token == null) {
            return firstAsked();
        }
        Instant created = token.sessionCreatedAt() != null ? token.sessionCreatedAt() : token.issuedAt();
        return created.truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public Instant expiresAt() {
        AccessToken token = token();
        return token == null ? firstAsked() : token.expiresAt().truncatedTo(ChronoUnit.MILLIS);
    }

    private Instant firstAsked() {
        if (firstAsked == null) {
            firstAsked = settings.common.clock.instant();
        }
        return firstAsked;
    }

    /** Returns false: clients with tokens are not remembered by a cookie. */
    @Override
    public boolean isRemembered() {
        return false;
    }

    @Override
    public @Nullable String subject() {
        AccessToken token = token();
        return token == null ? null : token.subject();
    }

    // ---- the sign-in

    @Override
    public @Nullable Instant signedInAt() {
        AccessToken token = token();
        return token == null || token.subject() == null ? null : timeOfSignIn(token);
    }

    private static @Nullable Instant timeOfSignIn(AccessToken token) {
        Instant at = token.sessionCreatedAt();
        return at == null ? null : at.truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public @Nullable SignIn signIn() {
        AccessToken token = token();
        if (token == null || token.subject() == null) {
            return null;
        }
        return SignInRules.signIn(SignInClaims.read(token.claims()).withAt(timeOfSignIn(token)));
    }

    @Override
    public boolean isFresh(Duration maxAge) {
        SignInRules.requireAge(maxAge);
        AccessToken token = token();
        return token != null
                && token.subject() != null
                && !SignInClaims.isActing(token.claims())
                && SignInRules.isFresh(
                        SignInClaims.read(token.claims()).withAt(timeOfSignIn(token)),
                        maxAge,
                        settings.common.clock.instant());
    }

    /** Returns false: an elevation is short, and an access token outlives it. */
    @Override
    public boolean isElevated(String scope) {
        Objects.requireNonNull(scope, "scope");
        token();
        return false;
    }

    @Override
    public @Nullable String actingBy() {
        AccessToken token = token();
        return token == null || token.subject() == null
                ? null
                : SignInClaims.read(token.claims()).actingBy();
    }

    @Override
    public String publicId() {
        AccessToken token = token();
        if (publicId == null) {
            publicId = token == null ? settings.newPublicId() : publicId(token);
        }
        return publicId;
    }

    /** A session of Sojourn keeps its public id; whatever else an issuer writes is hashed, since it may hold anything. */
    private static String publicId(AccessToken token) {
        String session = token.sessionId();
        if (session != null && SessionIds.isPublicId(session)) {
            return session;
        }
        String issuer = String.valueOf(token.issuer());
        if (session != null) {
            return SessionIds.publicId("sid", issuer, session);
        }
        String id = token.tokenId();
        if (id != null) {
            return SessionIds.publicId("jti", issuer, id);
        }
        return SessionIds.publicId(
                "sub",
                issuer,
                String.valueOf(token.subject()),
                token.issuedAt().toString(),
                token.expiresAt().toString());
    }

    /** Omits the contents. */
    @Override
    public String toString() {
        return "SessionView";
    }
}
