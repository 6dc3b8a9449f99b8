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

/** Who hears of drop-in sessions, in the order of the Servlet specification (chapter 7.4, Session listeners). */
final class Listeners {
    private final List<HttpSessionListener> ofSessions;
    private final List<HttpSessionListener> ofEnds;
    private final List<HttpSessionAttributeListener> ofAttributes;
    private final List<HttpSessionIdListener> ofIds;

    /** Refuses what hears of no sessions. */
    static void check(List<EventListener> all) {
        for (EventListener each : all) {
            if (!hearsOfSessions(each)) {
                throw new IllegalArgumentException(each.getClass().getName() + " hears of no sessions: what does are"
                        + " HttpSessionListener, HttpSessionAttributeListener and HttpSessionIdListener");
            }
        }
    }

    Listeners(List<EventListener> all) {
        ofSessions = those(all, HttpSessionListener.class);
        ofAttributes = those(all, HttpSessionAttributeListener.class);
        ofIds = those(all, HttpSessionIdListener.class);
        List<HttpSessionListener> backwards = new ArrayList<>(ofSessions);
        Collections.reverse(backwards);
        ofEnds = List.copyOf(backwards);
    }

    static boolean hearsOfSessions(EventListener listener) {
        return listener instanceof HttpSessionListener
                || listener instanceof HttpSessionAttributeListener
                || listener instanceof HttpSessionIdListener;
    }

    private static <T> List<T> those(List<EventListener> all, Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    void created(HttpSession session) {
        ofSessions.forEach(each -> each.sessionCreated(new HttpSessionEvent(session)));
    }

    void destroyed(HttpSession session) {
        ofEnds.forEach(each -> each.sessionDestroyed(new HttpSessionEvent(session)));
    }

    void idChanged(HttpSession session, String former) {
        ofIds.forEach(each -> each.sessionIdChanged(new HttpSessionEvent(session), former));
    }

    void set(HttpSession session, String name, Object value, @Nullable Object before) {
        if (before == null) {
            tell(session, name, value, (each, event) -> each.attributeAdded(event));
        } else {
            if (before != value) {
                unbound(session, name, before);
            }
            tell(session, name, before, (each, event) -> each.attributeReplaced(event));
        }
    }

    void removed(HttpSession session, String name, Object value) {
        unbound(session, name, value);
        tell(session, name, value, (each, event) -> each.attributeRemoved(event));
    }

    static void bound(HttpSession session, String name, Object value) {
        binding(value, each -> each.valueBound(new HttpSessionBindingEvent(session, name, value)));
    }

    private static void unbound(HttpSession session, String name, Object value) {
        binding(value, each -> each.valueUnbound(new HttpSessionBindingEvent(session, name, value)));
    }

    private static void binding(Object value, Consumer<HttpSessionBindingListener> event) {
        if (value instanceof HttpSessionBindingListener listener) {
            event.accept(listener);
        }
    }

    @FunctionalInterface
    private interface Told {
        void tell(HttpSessionAttributeListener listener, HttpSessionBindingEvent event);
    }

    private void tell(HttpSession session, String name, Object value, Told told) {
        ofAttributes.forEach(each -> told.tell(each, new HttpSessionBindingEvent(session, name, value)));
    }
}
