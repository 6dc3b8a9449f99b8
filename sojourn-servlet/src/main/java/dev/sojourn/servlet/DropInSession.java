package dev.sojourn.servlet;

import dev.sojourn.Session;
import dev.sojourn.servlet.DropInValues.Written;
import dev.sojourn.spi.TypedAttributes;
import dev.sojourn.spi.TypedAttributes.Stored;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our session as the Servlet API has it. Within a request a name gives the same instance each time, and what was changed
 * inside of it is found when the session is saved; another request gets a copy of its own.
 *
 * <p>The id is the public handle: it changes with the id, and opens nothing.
 */
final class DropInSession implements HttpSession {
    /** The longest that a session may wait, 3,650 days; applications that mean "never" like to say Integer.MAX_VALUE. */
    static final int LONGEST = 3_650 * 86_400;

    private final RequestSession visit;
    private final ServletContext context;
    private final boolean isNew;
    private final DropInValues values;
    private final Map<String, Handed> handed = new HashMap<>();
    private boolean valid = true;
    private String toldId;

    /** A value that the application holds, and what was written of it when it was handed out; null if it cannot change. */
    private record Handed(Object value, @Nullable Written written) {}

    DropInSession(RequestSession visit, ServletContext context, boolean isNew) {
        this.visit = visit;
        this.context = context;
        this.isNew = isNew;
        this.toldId = visit.session().publicId();
        this.values = new DropInValues(visit.settings(), visit.attributes(), this::getId);
    }

    Session session() {
        return visit.session();
    }

    /** Returns the session for a handler, as {@link RequestSession#sessionOfItsUser} does. */
    Session sessionOfItsUser() {
        signInItsUser(!visit.isHeadGone());
        return session();
    }

    boolean isValid() {
        return valid;
    }

    private Session live() {
        if (!valid) {
            throw new IllegalStateException("this session was invalidated");
        }
        return session();
    }

    // ---- attributes

    @Override
    public @Nullable Object getAttribute(String name) {
        live();
        Handed known = handed.get(name);
        if (known != null) {
            return known.value();
        }
        Object value = values.get(name);
        if (value != null) {
            // Written anew and not taken as it was stored, so that only a change of the value makes a difference.
            handed.put(name, new Handed(value, isFixed(value) ? null : values.writeAgain(name, value)));
        }
        return value;
    }

    /** Whether nothing can be changed inside of it. */
    private static boolean isFixed(Object value) {
        return value instanceof String
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Enum
                || (value instanceof Number && value.getClass().getPackageName().equals("java.lang"))
                || value.getClass().getPackageName().equals("java.time");
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        return Collections.enumeration(live().names());
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (value == null) {
            removeAttribute(name);
            return;
        }
        live();
        Object before = getAttribute(name);
        Written written = values.write(name, value);
        if (before != value) {
            Listeners.bound(this, name, value);
        }
        values.set(name, written);
        handed.put(name, new Handed(value, isFixed(value) ? null : written));
        visit.listeners().set(this, name, value, before);
    }

    @Override
    public void removeAttribute(String name) {
        Session session = live();
        Object before = getAttribute(name);
        session.remove(name);
        handed.remove(name);
        if (before != null) {
            visit.listeners().removed(this, name, before);
        }
    }

    // ---- the names that Servlet 5.0 still has for the same

    /** As {@link #getAttribute}; no interface has it any more. */
    public @Nullable Object getValue(String name) {
        return getAttribute(name);
    }

    /** As {@link #getAttributeNames}. */
    public String[] getValueNames() {
        return live().names().toArray(String[]::new);
    }

    /** As {@link #setAttribute}. */
    public void putValue(String name, Object value) {
        setAttribute(name, value);
    }

    /** As {@link #removeAttribute}. */
    public void removeValue(String name) {
        removeAttribute(name);
    }

    // ---- before a save

    /**
     * Puts what was changed inside of values into the session, and while the head is here sees to whom it belongs.
     *
     * @param headIsHere whether the client can still be given a new id
     */
    void settle(boolean headIsHere) {
        if (!valid) {
            return;
        }
        for (Map.Entry<String, Handed> each : List.copyOf(handed.entrySet())) {
            String name = each.getKey();
            Object value = each.getValue().value();
            Written before = each.getValue().written();
            Written now = before == null ? null : values.write(name, value);
            if (now != null && !now.equals(before)) {
                values.set(name, now);
                handed.put(name, new Handed(value, now));
            }
        }
        signInItsUser(headIsHere);
    }

    /**
     * Signs the session in to the user whom the application has put into it.
     *
     * @param headIsHere whether the client can still be given a new id
     */
    void signInItsUser(boolean headIsHere) {
        if (!valid) {
            return;
        }
        String user = headIsHere ? visit.settings().subjectOf().apply(this) : null;
        if (user != null
                && !visit.settings()
                        .sessions()
                        .normalizeSubject(user)
                        .equals(session().subject())) {
            signIn(user);
        }
        tellOfNewId();
    }

    /** A new id has many causes: changeSessionId, a login here or through the other way to this session. */
    void tellOfNewId() {
        String former = toldId;
        toldId = getId();
        if (!toldId.equals(former)) {
            visit.listeners().idChanged(this, former);
        }
    }

    /** The engine starts empty where a session goes from one user to another; here the application is asked to decide. */
    private void signIn(String subject) {
        Session session = session();
        TypedAttributes attributes = visit.attributes();
        Map<String, Stored> kept = new LinkedHashMap<>();
        if (session.subject() != null) {
            for (String name : session.names()) {
                Stored stored = attributes.get(name);
                if (stored != null) {
                    kept.put(name, stored);
                }
            }
        }
        session.login(subject);
        visit.settings().containers().applyTo(session, context);
        kept.forEach((name, stored) -> attributes.set(name, stored.json(), stored.format()));
    }

    // ---- the end

    @Override
    public void invalidate() {
        live();
        visit.listeners().destroyed(this);
        for (String name : List.copyOf(live().names())) {
            removeAttribute(name);
        }
        session().destroy();
        valid = false;
        handed.clear();
        visit.endContainersOwn();
    }

    // ---- what is known of it

    /** Known beyond the session's end and its request's: Tomcat asks for it once a WebSocket has taken over. */
    @Override
    public String getId() {
        return valid && !visit.isOver() ? session().publicId() : toldId;
    }

    @Override
    public boolean isNew() {
        live();
        return isNew;
    }

    @Override
    public long getCreationTime() {
        return live().createdAt().toEpochMilli();
    }

    @Override
    public long getLastAccessedTime() {
        return live().lastAccessedAt().toEpochMilli();
    }

    @Override
    public ServletContext getServletContext() {
        return context;
    }

    @Override
    public void setMaxInactiveInterval(int seconds) {
        live().idleTimeout(seconds <= 0 ? Duration.ZERO : Duration.ofSeconds(Math.min(seconds, LONGEST)));
    }

    @Override
    public int getMaxInactiveInterval() {
        return (int) Math.min(Integer.MAX_VALUE, live().idleTimeout().toSeconds());
    }

    /** Says nothing of what is inside. */
    @Override
    public String toString() {
        return "HttpSession " + (valid ? getId() : "(invalidated)");
    }
}
