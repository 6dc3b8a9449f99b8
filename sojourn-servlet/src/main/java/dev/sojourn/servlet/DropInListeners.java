package dev.sojourn.servlet;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EventListener;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The listeners of drop-in sessions, notified in the order of the Servlet specification (chapter 7.4, Session listeners). */
final class DropInListeners {
    private final List<HttpSessionListener> sessionListeners;
    private final List<HttpSessionListener> reversedSessionListeners;
    private final List<HttpSessionAttributeListener> attributeListeners;
    private final List<HttpSessionIdListener> idListeners;

    /** Throws if one of these is not a session listener. */
    static void requireSessionListeners(List<EventListener> all) {
        for (EventListener each : all) {
            if (!isSessionListener(each)) {
                throw new IllegalArgumentException(each.getClass().getName() + " is not a session listener: implement"
                        + " HttpSessionListener, HttpSessionAttributeListener or HttpSessionIdListener");
            }
        }
    }

    DropInListeners(List<EventListener> all) {
        sessionListeners = ofType(all, HttpSessionListener.class);
        attributeListeners = ofType(all, HttpSessionAttributeListener.class);
        idListeners = ofType(all, HttpSessionIdListener.class);
        List<HttpSessionListener> backwards = new ArrayList<>(sessionListeners);
        Collections.reverse(backwards);
        reversedSessionListeners = List.copyOf(backwards);
    }

    static boolean isSessionListener(EventListener listener) {
        return listener instanceof HttpSessionListener
                || listener instanceof HttpSessionAttributeListener
                || listener instanceof HttpSessionIdListener;
    }

    private static <T> List<T> ofType(List<EventListener> all, Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    void notifyCreated(HttpSession session) {
        sessionListeners.forEach(each -> each.sessionCreated(new HttpSessionEvent(session)));
    }

    void notifyDestroyed(HttpSession session) {
        reversedSessionListeners.forEach(each -> each.sessionDestroyed(new HttpSessionEvent(session)));
    }

    void notifyIdChanged(HttpSession session, String oldId) {
        idListeners.forEach(each -> each.sessionIdChanged(new HttpSessionEvent(session), oldId));
    }

    void notifySet(HttpSession session, String name, Object value, @Nullable Object before) {
        if (before == null) {
            notifyAttributeListeners(session, name, value, (each, event) -> each.attributeAdded(event));
        } else {
            if (before != value) {
                notifyUnbound(session, name, before);
            }
            notifyAttributeListeners(session, name, before, (each, event) -> each.attributeReplaced(event));
        }
    }

    void notifyRemoved(HttpSession session, String name, Object value) {
        notifyUnbound(session, name, value);
        notifyAttributeListeners(session, name, value, (each, event) -> each.attributeRemoved(event));
    }

    static void notifyBound(HttpSession session, String name, Object value) {
        notifyValue(value, each -> each.valueBound(new HttpSessionBindingEvent(session, name, value)));
    }

    private static void notifyUnbound(HttpSession session, String name, Object value) {
        notifyValue(value, each -> each.valueUnbound(new HttpSessionBindingEvent(session, name, value)));
    }

    private static void notifyValue(Object value, Consumer<HttpSessionBindingListener> event) {
        if (value instanceof HttpSessionBindingListener listener) {
            event.accept(listener);
        }
    }

    @FunctionalInterface
    private interface AttributeEvent {
        void deliver(HttpSessionAttributeListener listener, HttpSessionBindingEvent event);
    }

    private void notifyAttributeListeners(HttpSession session, String name, Object value, AttributeEvent event) {
        attributeListeners.forEach(each -> event.deliver(each, new HttpSessionBindingEvent(session, name, value)));
    }
}
