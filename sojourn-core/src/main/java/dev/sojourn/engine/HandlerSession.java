package dev.sojourn.engine;

import dev.sojourn.DetachedSession;
import dev.sojourn.Key;
import dev.sojourn.Session;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The session in a store as the handler sees it: checks arguments and calls the {@link ScopedSession}. */
final class HandlerSession extends EditableHandlerSession<ScopedSession> implements Session {
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

    // ---- the id

    @Override
    public void changeId() {
        request().changeId();
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
