package dev.sojourn.servlet;

import dev.sojourn.Session;
import dev.sojourn.SignIn;
import dev.sojourn.servlet.DropInValues.EncodedValue;
import dev.sojourn.spi.TypedAttributes;
import dev.sojourn.spi.TypedAttributes.TypedValue;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session behind the interface of the Servlet API. Within a request, an attribute is the same instance each time, and changes
 * inside it are detected when the session is saved. Every request gets its own copy.
 *
 * <p>{@link #getId()} is the public id: it changes with the session's id and does not open the session.
 */
final class DropInSession implements HttpSession {
    /** The longest idle timeout, 3,650 days: applications that mean "never" often set {@code Integer.MAX_VALUE}. */
    static final int MAX_INTERVAL_SECONDS = 3_650 * 86_400;
    /** How far two times of one sign-in may differ: that of who checked the credentials, and that of the login here. */
    private static final Duration SAME_SIGN_IN = Duration.ofMinutes(1);

    private final RequestSession requestSession;
    private final ServletContext context;
    private final boolean isNew;
    private final DropInValues values;
    private final Map<String, CachedValue> cache = new HashMap<>();
    private boolean valid = true;
    private String lastId;
    /** Whether the id has changed in this request, other than by a login here that followed. */
    private boolean idChanged;
    /** Whether a login here has happened in this request. */
    private boolean signedIn;

    /** A value that the application has, with its encoded form when it was handed out; null if the value is immutable. */
    private record CachedValue(Object value, @Nullable EncodedValue encoded) {}

    DropInSession(RequestSession requestSession, ServletContext context) {
        this.requestSession = requestSession;
        this.context = context;
        this.isNew = requestSession.session().isNew();
        this.lastId = requestSession.session().publicId();
        this.values = new DropInValues(requestSession.settings(), requestSession.attributes(), this::getId);
    }

    Session session() {
        return requestSession.session();
    }

    /** Returns the session for a handler, as {@link RequestSession#signedInSession} does. */
    Session signedInSession() {
        if (requestSession.isHeadCommitted()) {
            notifyIfIdChanged();
        } else {
            signIn();
        }
        return session();
    }

    boolean isValid() {
        return valid;
    }

    private Session validSession() {
        if (!valid) {
            throw new IllegalStateException("this session was invalidated");
        }
        return session();
    }

    // ---- attributes

    @Override
    public @Nullable Object getAttribute(String name) {
        validSession();
        CachedValue known = cache.get(name);
        if (known != null) {
            return known.value();
        }
        Object value = values.get(name);
        if (value != null) {
            // Encoded anew, not taken as it is stored, so that only a change of the value makes a difference.
            cache.put(
                    name, new CachedValue(value, isImmutable(value) ? null : values.encodeForComparison(name, value)));
        }
        return value;
    }

    /** Returns whether nothing inside the value can change. */
    private static boolean isImmutable(Object value) {
        return value instanceof String
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Enum
                || (value instanceof Number && value.getClass().getPackageName().equals("java.lang"))
                || value.getClass().getPackageName().equals("java.time");
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        return Collections.enumeration(validSession().names());
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (value == null) {
            removeAttribute(name);
            return;
        }
        validSession();
        Object before = getAttribute(name);
        EncodedValue written = values.encode(name, value);
        if (before != value) {
            DropInListeners.notifyBound(this, name, value);
        }
        values.set(name, written);
        cache.put(name, new CachedValue(value, isImmutable(value) ? null : written));
        requestSession.listeners().notifySet(this, name, value, before);
    }

    @Override
    public void removeAttribute(String name) {
        Session session = validSession();
        Object before = getAttribute(name);
        session.remove(name);
        cache.remove(name);
        if (before != null) {
            requestSession.listeners().notifyRemoved(this, name, before);
        }
    }

    // ---- methods that were removed after Servlet 5.0

    /** Does the same as {@link #getAttribute}. */
    public @Nullable Object getValue(String name) {
        return getAttribute(name);
    }

    /** Does the same as {@link #getAttributeNames}. */
    public String[] getValueNames() {
        return validSession().names().toArray(String[]::new);
    }

    /** Does the same as {@link #setAttribute}. */
    public void putValue(String name, Object value) {
        setAttribute(name, value);
    }

    /** Does the same as {@link #removeAttribute}. */
    public void removeValue(String name) {
        removeAttribute(name);
    }

    // ---- before a save

    /** Stores the values that have changed inside. */
    void storeChanges() {
        if (!valid) {
            return;
        }
        for (Map.Entry<String, CachedValue> each : List.copyOf(cache.entrySet())) {
            String name = each.getKey();
            Object value = each.getValue().value();
            EncodedValue before = each.getValue().encoded();
            if (before == null) {
                continue;
            }
            EncodedValue now = values.encode(name, value);
            if (!now.isSameAs(before)) {
                values.set(name, now);
                cache.put(name, new CachedValue(value, now));
            }
        }
    }

    /** Signs the session in as the subject that the application has put into it. Called before the head is sent. */
    void signIn() {
        if (!valid) {
            return;
        }
        String user = requestSession.settings().subjectOf().apply(this);
        if (user != null) {
            signIn(user);
        }
        notifyIfIdChanged();
    }

    private void signIn(String user) {
        String normalized = requestSession.sessions().normalizeSubject(user);
        boolean isNew = !normalized.equals(session().subject());
        boolean mayHaveSignedInAgain = !signedIn && (idChanged || !getId().equals(lastId));
        if (!isNew && !mayHaveSignedInAgain) {
            return;
        }
        idChanged = false;
        SignIn how = requestSession.settings().signInOf().apply(this);
        if (isNew || (how != null && isLater(how))) {
            login(user, how == null ? SignIn.by() : how);
            signedIn = true;
        }
    }

    /** Whether the user has signed in since the sign-in that the session knows. */
    private boolean isLater(SignIn how) {
        Instant known = session().signedInAt();
        return known != null && how.at() != null && how.at().isAfter(known.plus(SAME_SIGN_IN));
    }

    /**
     * Notifies listeners of a new id. It can come from changeSessionId, from a login here, or from the {@link Session} itself.
     */
    void notifyIfIdChanged() {
        String oldId = lastId;
        lastId = getId();
        if (!lastId.equals(oldId)) {
            idChanged = true;
            requestSession.listeners().notifyIdChanged(this, oldId);
        }
    }

    /** Logs in and keeps the attributes: the engine drops them if the subject changes, but a drop-in session keeps them. */
    private void login(String subject, SignIn how) {
        Session session = session();
        TypedAttributes attributes = requestSession.attributes();
        Map<String, TypedValue> kept = new LinkedHashMap<>();
        if (session.subject() != null) {
            for (String name : session.names()) {
                TypedValue stored = attributes.get(name);
                if (stored != null) {
                    kept.put(name, stored);
                }
            }
        }
        session.login(subject, how);
        requestSession.settings().containerSettings().applyTo(session, requestSession.sessions(), context);
        kept.forEach((name, stored) -> attributes.set(name, stored.json(), stored.format()));
    }

    // ---- the end

    @Override
    public void invalidate() {
        validSession();
        requestSession.listeners().notifyDestroyed(this);
        for (String name : List.copyOf(validSession().names())) {
            removeAttribute(name);
        }
        session().destroy();
        valid = false;
        cache.clear();
        requestSession.invalidateContainerSession();
    }

    // ---- metadata

    /** Works after the end of the session and of its request: Tomcat calls it after a WebSocket upgrade. */
    @Override
    public String getId() {
        return valid && !requestSession.isClosed() ? session().publicId() : lastId;
    }

    @Override
    public boolean isNew() {
        validSession();
        return isNew;
    }

    @Override
    public long getCreationTime() {
        return validSession().createdAt().toEpochMilli();
    }

    @Override
    public long getLastAccessedTime() {
        return validSession().lastAccessedAt().toEpochMilli();
    }

    @Override
    public ServletContext getServletContext() {
        return context;
    }

    @Override
    public void setMaxInactiveInterval(int seconds) {
        validSession()
                .idleTimeout(
                        seconds <= 0 ? Duration.ZERO : Duration.ofSeconds(Math.min(seconds, MAX_INTERVAL_SECONDS)));
    }

    @Override
    public int getMaxInactiveInterval() {
        return (int) Math.min(Integer.MAX_VALUE, validSession().idleTimeout().toSeconds());
    }

    /** Omits the attributes. */
    @Override
    public String toString() {
        return "HttpSession " + (valid ? getId() : "(invalidated)");
    }
}
