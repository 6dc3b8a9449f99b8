package dev.sojourn.engine;

import dev.sojourn.EditableSession;
import dev.sojourn.Key;
import dev.sojourn.SessionCookie;
import dev.sojourn.SessionTooLargeException;
import dev.sojourn.SignIn;
import dev.sojourn.spi.LogText;
import dev.sojourn.spi.SignInFacts;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the handler sees of a session that it can change, wherever it is kept: checks arguments and calls the request's
 * session behind it.
 *
 * @param <S> the request's session
 */
abstract class EditableHandlerSession<S extends EditedSession> implements EditableSession {
    private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);

    final ScopeSettings settings;
    private final S request;

    EditableHandlerSession(ScopeSettings settings, S request) {
        this.settings = settings;
        this.request = request;
    }

    /** Returns the request's session behind it. */
    final S request() {
        return request;
    }

    @Override
    public final String requireSubject() {
        if (subject() == null) {
            request.refuseIfUnread();
        }
        return EditableSession.super.requireSubject();
    }

    // ---- attributes

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
        return request.attributes().get(name, settings.values.type(type), problem -> {
            request.noteUnreadable(name, problem);
            return null;
        });
    }

    @Override
    public void set(String name, Object value) {
        set(name, value, attributes -> attributes.set(name, value, null));
    }

    @Override
    public <T> void set(Key<T> key, T value) {
        set(key.name(), value, attributes -> attributes.set(key.name(), value, settings.values.type(key.type()), null));
    }

    @Override
    public void set(String name, Object value, Duration ttl) {
        String mark = markAfter(ttl);
        set(name, value, attributes -> attributes.set(name, value, mark));
    }

    @Override
    public <T> void set(Key<T> key, T value, Duration ttl) {
        String mark = markAfter(ttl);
        set(key.name(), value, attributes -> attributes.set(key.name(), value, settings.values.type(key.type()), mark));
    }

    private String markAfter(Duration ttl) {
        if (ttl.compareTo(SHORTEST_TTL) < 0 || ttl.compareTo(Deadlines.LONGEST) > 0) {
            throw new IllegalArgumentException("an attribute lasts between 1 second and 3650 days, not " + ttl
                    + ": without a duration it lasts as long as the session");
        }
        if (!settings.recordFormat.keepsTypes()) {
            throw new IllegalStateException("this record format has no room for the time at which an attribute ends:"
                    + " keep that time in the attribute's value");
        }
        return TimeMark.of(settings.clock.instant().plus(ttl));
    }

    final void set(String name, @Nullable Object value, Consumer<Attributes> set) {
        Objects.requireNonNull(name, "name");
        if (value == null) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name)
                    + " cannot be set to null: to remove it, call remove(\"" + LogText.text(name) + "\")");
        }
        settings.recordFormat.checkAttribute(name);
        Attributes attributes = request.attributesToChange();
        try {
            set.accept(attributes);
        } catch (SessionTooLargeException e) {
            throw request.forClient(e);
        }
    }

    @Override
    public void remove(String name) {
        settings.recordFormat.checkAttribute(name);
        request.attributesToChange().remove(name);
    }

    @Override
    public void remove(Key<?> key) {
        remove(key.name());
    }

    @Override
    public boolean has(String name) {
        return request.attributes().has(name);
    }

    @Override
    public boolean has(Key<?> key) {
        return has(key.name());
    }

    @Override
    public Set<String> names() {
        return request.attributes().names();
    }

    @Override
    public void clear() {
        request.attributesToChange().clear(settings.subjectAttribute);
    }

    // ---- times and settings

    @Override
    public boolean isNew() {
        return !request.isLive();
    }

    @Override
    public Instant createdAt() {
        return request.createdAt();
    }

    @Override
    public Instant lastAccessedAt() {
        return request.lastAccess();
    }

    @Override
    public Instant expiresAt() {
        return request.expiresAt();
    }

    @Override
    public void idleTimeout(Duration timeout) {
        ScopeSettings.checkTimeout("idleTimeout", timeout);
        ScopeSettings.checkSomeTimeout(timeout, settings.deadlines.absolute(request.pendingSettings()));
        request.attributesToChange().configure(new AttributeChange.Configure(now -> now.withIdleTimeout(timeout)));
    }

    @Override
    public void absoluteTimeout(Duration timeout) {
        ScopeSettings.checkTimeout("absoluteTimeout", timeout);
        ScopeSettings.checkSomeTimeout(settings.deadlines.idle(request.pendingSettings()), timeout);
        if (actingBy() != null && (timeout.isZero() || timeout.compareTo(absoluteTimeout()) > 0)) {
            throw new IllegalStateException("the session of a user who acts as another ends when actAs has set: its"
                    + " absoluteTimeout can be shortened, not lengthened");
        }
        request.attributesToChange().configure(new AttributeChange.Configure(now -> now.withAbsoluteTimeout(timeout)));
    }

    @Override
    public Duration idleTimeout() {
        return settings.deadlines.idle(request.pendingSettings());
    }

    @Override
    public Duration absoluteTimeout() {
        return settings.deadlines.absolute(request.pendingSettings());
    }

    final SessionTimes times() {
        Instant now = settings.clock.instant();
        if (!request.isLive()) {
            return SessionTimes.none(now);
        }
        Duration absolute = absoluteTimeout();
        return new SessionTimes(
                now,
                request.expiresAt(),
                absolute.isZero() ? null : request.createdAt().plus(absolute),
                idleTimeout(),
                request.subject() != null);
    }

    @Override
    public SessionCookie cookie() {
        return request.cookie();
    }

    // ---- the id

    @Override
    public void regenerate() {
        request.regenerate();
    }

    @Override
    public void login(String user) {
        request.login(settings.subject(user), SignInFacts.NONE);
    }

    @Override
    public void login(String user, SignIn how) {
        SignInFacts facts = settings.recordFormat.keepsSignIn() ? SignInRules.facts(how) : SignInFacts.NONE;
        request.login(settings.subject(user), facts);
    }

    @Override
    public @Nullable String subject() {
        return request.subject();
    }

    // ---- the sign-in

    @Override
    public @Nullable Instant signedInAt() {
        SignInFacts facts = request.signIn();
        return facts == null || !settings.recordFormat.keepsSignIn() ? null : facts.at();
    }

    @Override
    public @Nullable SignIn signIn() {
        SignInFacts facts = request.signIn();
        if (facts == null) {
            return null;
        }
        return SignInRules.signIn(settings.recordFormat.keepsSignIn() ? facts : SignInFacts.NONE);
    }

    @Override
    public boolean isFresh(Duration maxAge) {
        SignInRules.requireAge(maxAge);
        requireSignInKept();
        SignInFacts facts = request.signIn();
        return facts != null && !request.isRemembered() && SignInRules.isFresh(facts, maxAge, settings.clock.instant());
    }

    @Override
    public boolean isElevated(String scope) {
        Objects.requireNonNull(scope, "scope");
        SignInFacts facts = request.signIn();
        return facts != null && SignInRules.isElevated(facts, scope, settings.clock.instant());
    }

    @Override
    public void elevate(String scope, Duration ttl) {
        SignInRules.requireTtl(ttl);
        requireSignInKept();
        Instant now = settings.clock.instant();
        // Checks the scope.
        SignInRules.elevate(SignInFacts.NONE, scope, now.plus(ttl), now);
        SignInFacts facts = request.signIn();
        if (facts == null) {
            throw new IllegalStateException(
                    "no user is signed in, so no user can have confirmed anything: call login first");
        }
        if (facts.actingBy() != null) {
            throw new IllegalStateException("a user who acts as another cannot confirm anything as that user");
        }
        request.attributesToChange().elevate(new AttributeChange.Elevate(scope, now.plus(ttl), now));
    }

    @Override
    public void dropElevation(String scope) {
        if (isElevated(scope)) {
            request.attributesToChange().elevate(new AttributeChange.Elevate(scope, null, settings.clock.instant()));
        }
    }

    @Override
    public @Nullable String actingBy() {
        SignInFacts facts = request.signIn();
        return facts == null ? null : facts.actingBy();
    }

    /** Throws rather than take a time for that of the sign-in that it is not. */
    final void requireSignInKept() {
        if (!settings.recordFormat.keepsSignIn()) {
            throw new IllegalStateException("the records of these sessions keep only the user of a sign-in, so no"
                    + " sign-in can be fresh, no session elevated, and no user act as another");
        }
    }

    @Override
    public boolean isRemembered() {
        return request.isRemembered();
    }

    @Override
    public String publicId() {
        return request.publicId();
    }

    // ---- CSRF

    @Override
    public String csrfToken() {
        return request.csrfToken();
    }

    @Override
    public void requireCsrfToken(@Nullable String token) {
        requireCsrfToken(token == null ? List.of() : List.of(token));
    }

    @Override
    public void requireCsrfToken(List<String> tokens) {
        request.requireCsrfToken(tokens);
    }

    // ---- ending

    @Override
    public void touch() {
        request.touch();
    }

    @Override
    public void quiet() {
        request.quiet();
    }

    @Override
    public void discard() {
        request.discard();
    }

    @Override
    public void destroy() {
        request.destroy();
    }
}
