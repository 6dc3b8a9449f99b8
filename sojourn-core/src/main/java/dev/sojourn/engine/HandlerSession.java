package dev.sojourn.engine;

import dev.sojourn.DetachedSession;
import dev.sojourn.Key;
import dev.sojourn.Session;
import dev.sojourn.SessionCookie;
import dev.sojourn.SessionTooLargeException;
import dev.sojourn.WhenUnreadable;
import dev.sojourn.spi.LogText;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a handler holds: checks what it is given, and asks it of the {@link RequestSession}, which knows what the request has
 * loaded and what is to become of it.
 */
final class HandlerSession implements Session {
    private final EngineSettings settings;
    private final RequestSession live;

    HandlerSession(EngineSettings settings, RequestSession live) {
        this.settings = settings;
        this.live = live;
    }

    /** What stands behind it. */
    RequestSession live() {
        return live;
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
        return live.attributes().get(name, settings.values.type(type), problem -> {
            live.unreadable(name, problem);
            return null;
        });
    }

    @Override
    public void set(String name, Object value) {
        set(name, value, attributes -> attributes.set(name, value));
    }

    @Override
    public <T> void set(Key<T> key, T value) {
        set(key.name(), value, attributes -> attributes.set(key.name(), value, settings.values.type(key.type())));
    }

    private void set(String name, @Nullable Object value, Consumer<Attributes> set) {
        Objects.requireNonNull(name, "name");
        if (value == null) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name)
                    + " cannot be set to null: to remove it, call remove(\"" + LogText.text(name) + "\")");
        }
        settings.records.checkAttribute(name);
        Attributes attributes = live.attributesToChange();
        try {
            set.accept(attributes);
        } catch (SessionTooLargeException e) {
            throw live.truthful(e);
        }
    }

    @Override
    public void remove(String name) {
        settings.records.checkAttribute(name);
        live.attributesToChange().remove(name);
    }

    @Override
    public void remove(Key<?> key) {
        remove(key.name());
    }

    @Override
    public boolean has(String name) {
        return live.attributes().has(name);
    }

    @Override
    public boolean has(Key<?> key) {
        return has(key.name());
    }

    @Override
    public Set<String> names() {
        return live.attributes().names();
    }

    @Override
    public void clear() {
        live.attributesToChange().clear(settings.subjectAttribute);
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
        settings.records.checkAttribute(name);
        boolean ignore = settings.whenUnreadable == WhenUnreadable.IGNORE_ATTRIBUTE;
        return live.update(
                name, new AttributeChange.Update<>(settings.values, name, settings.values.type(type), change, ignore));
    }

    // ---- times and settings

    @Override
    public boolean isNew() {
        return !live.isLive();
    }

    @Override
    public Instant createdAt() {
        return live.createdAt();
    }

    @Override
    public Instant lastAccessedAt() {
        return live.lastAccess();
    }

    @Override
    public Instant expiresAt() {
        return live.expiresAt();
    }

    @Override
    public void idleTimeout(Duration timeout) {
        EngineSettings.checkTimeout("idleTimeout", timeout);
        EngineSettings.checkSomeTimeout(timeout, settings.deadlines.absolute(live.wished()));
        live.attributesToChange().configure(new AttributeChange.Configure(now -> now.withIdleTimeout(timeout)));
    }

    @Override
    public void absoluteTimeout(Duration timeout) {
        EngineSettings.checkTimeout("absoluteTimeout", timeout);
        EngineSettings.checkSomeTimeout(settings.deadlines.idle(live.wished()), timeout);
        live.attributesToChange().configure(new AttributeChange.Configure(now -> now.withAbsoluteTimeout(timeout)));
    }

    @Override
    public Duration idleTimeout() {
        return settings.deadlines.idle(live.wished());
    }

    @Override
    public Duration absoluteTimeout() {
        return settings.deadlines.absolute(live.wished());
    }

    @Override
    public SessionCookie cookie() {
        return live.cookie();
    }

    // ---- the id

    @Override
    public void regenerate() {
        live.regenerate();
    }

    @Override
    public void changeId() {
        live.load();
        live.refuseIfEnded();
        live.newId().changeId();
    }

    @Override
    public void login(String user) {
        String subject = settings.subject(user);
        PendingIdChange newId = live.newId();
        String present = live.subject();
        if (present != null && !present.equals(subject)) {
            // What one person left in the session is not another's to see.
            live.regenerate();
        } else if (live.isLive()) {
            live.beginAnew();
        }
        Attributes attributes = live.attributes();
        attributes.noteChangesWithin();
        newId.login(subject, attributes.log().size());
        String attribute = settings.subjectAttribute;
        if (attribute != null && subject.equals(present)) {
            attributes.setAsItIs(attribute);
        } else if (attribute != null) {
            attributes.set(attribute, settings.records.subjectValue(subject));
        }
    }

    @Override
    public @Nullable String subject() {
        return live.subject();
    }

    @Override
    public String publicId() {
        return live.handle();
    }

    @Override
    public DetachedSession detached() {
        return live.detached();
    }

    // ---- what becomes of it

    @Override
    public void touch() {
        live.touch();
    }

    @Override
    public void save() {
        live.save();
    }

    @Override
    public void reload() {
        live.reload();
    }

    @Override
    public void discard() {
        live.discard();
    }

    @Override
    public void destroy() {
        live.destroy();
    }

    @Override
    public void exclusive() {
        live.exclusive();
    }

    /** Says nothing of what is inside. */
    @Override
    public String toString() {
        return "Session";
    }
}
