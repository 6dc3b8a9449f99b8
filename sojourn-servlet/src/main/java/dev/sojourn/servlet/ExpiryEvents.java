package dev.sojourn.servlet;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener;
import dev.sojourn.spi.FirstFailure;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notifies listeners of the Servlet API of expired sessions: {@code Sessions.create(c -> c.secret(…).listener(new
 * ExpiryEvents(listener)))}. The event comes on the node that finds the expired session: in a request that comes too late, or
 * in a sweep. The session in the event has its id and its times, but no attributes.
 *
 * <p>Thread-safe if the listeners are.
 */
public final class ExpiryEvents implements SessionListener {
    private final List<HttpSessionListener> listeners;

    /**
     * Creates the events for these listeners.
     *
     * @param listeners the listeners whose {@code sessionDestroyed} is called
     */
    public ExpiryEvents(HttpSessionListener... listeners) {
        this.listeners = List.of(listeners);
    }

    @Override
    public void onExpired(SessionInfo session, Timeout timeout) {
        HttpSessionEvent event = new HttpSessionEvent(new ExpiredSession(session));
        FirstFailure failure = new FirstFailure();
        for (HttpSessionListener each : listeners) {
            failure.attempt(() -> notify(each, event));
        }
        // The session stays in the store, and a later sweep notifies all listeners again.
        failure.throwIfAny();
    }

    /** Turns an error into an exception: it must not keep the other listeners from being notified. */
    private static void notify(HttpSessionListener listener, HttpSessionEvent event) {
        try {
            listener.sessionDestroyed(event);
        } catch (Error e) {
            throw new IllegalStateException(e);
        }
    }

    /** Omits the listeners. */
    @Override
    public String toString() {
        return "ExpiryEvents";
    }

    /** An expired session, of which only the metadata is left. */
    private record ExpiredSession(SessionInfo info) implements HttpSession {
        private static IllegalStateException expiredException() {
            return new IllegalStateException("this session has expired and has no attributes");
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
            throw expiredException();
        }

        @Override
        public ServletContext getServletContext() {
            throw expiredException();
        }

        @Override
        public void setMaxInactiveInterval(int seconds) {
            throw expiredException();
        }

        @Override
        public int getMaxInactiveInterval() {
            throw expiredException();
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
            throw expiredException();
        }

        @Override
        public void removeAttribute(String name) {}

        @Override
        public void invalidate() {
            throw expiredException();
        }

        @Override
        public boolean isNew() {
            return false;
        }
    }
}
