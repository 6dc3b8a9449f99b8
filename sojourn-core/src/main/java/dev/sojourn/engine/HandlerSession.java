package dev.sojourn.engine;

import dev.sojourn.DetachedSession;
import dev.sojourn.Key;
import dev.sojourn.OnLimit;
import dev.sojourn.Session;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The session in a store as the handler sees it: checks arguments and calls the {@link ScopedSession}. */
final class HandlerSession extends EditableHandlerSession<ScopedSession> implements Session {
    /** What the attribute's name of a flash message begins with. */
    private static final String FLASH = "flash:";

    HandlerSession(EngineSettings settings, ScopedSession request) {
        super(settings, request);
    }

    @Override
    public <T> @Nullable T update(String name, Class<T> type, UnaryOperator<@Nullable T> change) {
        return update(name, (Type) type, change);
    }

    @Override
    public <T> @Nullable T update(Key<T> key, UnaryOperator<@Nullable T> change) {
        return update(key.name(), key.type(), change);
    }

    private <T> @Nullable T update(String name, Type type, UnaryOperator<@Nullable T> change) {
        Objects.requireNonNull(change, "change");
        settings.recordFormat.checkAttribute(name);
        return request()
                .update(
                        name,
                        new AttributeChange.Update<>(
                                settings.values, name, settings.values.type(type), change, settings.whenUnreadable));
    }

    @Override
    public <T> @Nullable T pop(String name, Class<T> type) {
        return pop(name, (Type) type);
    }

    @Override
    public <T> @Nullable T pop(Key<T> key) {
        return pop(key.name(), key.type());
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // all callers give the T's own type
    private <T> @Nullable T pop(String name, Type type) {
        settings.recordFormat.checkAttribute(name);
        return request()
                .take(new AttributeChange.Take<T>(
                        settings.values, name, settings.values.type(type), settings.whenUnreadable));
    }

    @Override
    public void flash(String name, Object value) {
        set(FLASH + name, value);
    }

    @Override
    public <T> void flash(Key<T> key, T value) {
        String name = FLASH + key.name();
        set(name, value, attributes -> attributes.set(name, value, settings.values.type(key.type()), null));
    }

    @Override
    public <T> @Nullable T takeFlash(String name, Class<T> type) {
        return pop(FLASH + name, (Type) type);
    }

    @Override
    public <T> @Nullable T takeFlash(Key<T> key) {
        return pop(FLASH + key.name(), key.type());
    }

    // ---- the id

    @Override
    public void changeId() {
        request().changeId();
    }

    @Override
    public void maxSessionsPerUser(int max, OnLimit onLimit) {
        request().limitSessions(max, onLimit);
    }

    @Override
    public void actAs(String subject, String by, Duration ttl) {
        SignInRules.requireTtl(ttl);
        requireSignInKept();
        String user = settings.subject(subject);
        String actor = settings.subject(by);
        if (user.equals(actor)) {
            throw new IllegalArgumentException("a user does not act as itself: call login");
        }
        if (actingBy() != null) {
            throw new IllegalStateException("this session's user acts as another already: destroy it first");
        }
        request().actAs(user, SignInRules.actingBy(actor), ttl);
    }

    @Override
    public void remember() {
        if (actingBy() != null) {
            throw new IllegalStateException("a user who acts as another is not remembered");
        }
        request().remember();
    }

    @Override
    public DetachedSession toDetached() {
        return request().detached();
    }

    // ---- saving

    @Override
    public void save() {
        request().save();
    }

    @Override
    public void reload() {
        request().reload();
    }

    @Override
    public void exclusive() {
        request().exclusive();
    }

    /** Omits the session's contents. */
    @Override
    public String toString() {
        return "Session";
    }
}
