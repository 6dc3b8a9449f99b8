package dev.sojourn.servlet;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells listeners of the Servlet API of sessions that expired:
 * {@code Sessions.create(c -> c.secret(…).listener(new ExpiryEvents(listener)))}. Nobody has such a session in a request any
 * more, so this is told by whoever finds it: a request that comes too late, or a sweep, on one node. The session in the
 * event has its id and its times; its attributes are gone.
 *
 * <p>Thread-safe if the listeners are.
 */
public final class ExpiryEvents implements SessionListener {
    private final List<HttpSessionListener> listeners;

    /**
     * Events for these listeners.
     *
     * @param listeners who hears {@code sessionDestroyed}
     */
    public ExpiryEvents(HttpSessionListener... listeners) {
        this.listeners = List.of(listeners);
    }

    @Override
    public void onExpired(SessionInfo session, Timeout timeout) {
        HttpSessionEvent event = new HttpSessionEvent(new Expired(session));
        @Nullable RuntimeException failure = null;
        for (HttpSessionListener each : listeners) {
            try {
                each.sessionDestroyed(event);
            } catch (RuntimeException | Error e) {
                failure = failure != null
                        ? failure
                        : e instanceof RuntimeException same ? same : new IllegalStateException(e);
            }
        }
        if (failure != null) {
            // The session stays in the store, and all are told again by a later sweep.
            throw failure;
        }
    }

    /** Says nothing of what is inside. */
    @Override
    public String toString() {
        return "ExpiryEvents";
    }

    /** What is left of a session that expired. */
    private record Expired(SessionInfo info) implements HttpSession {
        private static IllegalStateException gone() {
            return new IllegalStateException("this session has expired, and what was in it is gone");
        }

        @Override
        public String getId() {
            return info.publicId();
        }

        @Override
        public long getCreationTime() {
            return info.createdAt().toEpochMilli();
        }

        @Override
        public long getLastAccessedTime() {
            throw gone();
        }

        @Override
        public ServletContext getServletContext() {
            throw gone();
        }

        @Override
        public void setMaxInactiveInterval(int seconds) {
            throw gone();
        }

        @Override
        public int getMaxInactiveInterval() {
            throw gone();
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            return null;
        }

        @Override
        public Enumeration<String> getAttributeNames() {
            return Collections.emptyEnumeration();
        }

        @Override
        public void setAttribute(String name, Object value) {
            throw gone();
        }

        @Override
        public void removeAttribute(String name) {}

        @Override
        public void invalidate() {
            throw gone();
        }

        @Override
        public boolean isNew() {
            return false;
        }
    }
}
