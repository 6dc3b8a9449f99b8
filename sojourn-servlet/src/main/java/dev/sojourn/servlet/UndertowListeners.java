package dev.sojourn.servlet;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.InvocationTargetException;

/** Undertow keeps the listeners that it knows to itself, and tells them by public methods. */
final class UndertowListeners implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
    private final Object listeners;

    /**
     * Those listeners.
     *
     * @param listeners the application's {@code io.undertow.servlet.core.ApplicationListeners}
     */
    UndertowListeners(Object listeners) {
        this.listeners = listeners;
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        tell("sessionCreated", new Class<?>[] {HttpSession.class}, event.getSession());
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        tell("sessionDestroyed", new Class<?>[] {HttpSession.class}, event.getSession());
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
        tellOfAttribute("httpSessionAttributeAdded", event);
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
        tellOfAttribute("httpSessionAttributeReplaced", event);
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
        tellOfAttribute("httpSessionAttributeRemoved", event);
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String former) {
        tell("httpSessionIdChanged", new Class<?>[] {HttpSession.class, String.class}, event.getSession(), former);
    }

    private void tellOfAttribute(String method, HttpSessionBindingEvent event) {
        tell(
                method,
                new Class<?>[] {HttpSession.class, String.class, Object.class},
                event.getSession(),
                event.getName(),
                event.getValue());
    }

    private void tell(String method, Class<?>[] types, Object... arguments) {
        try {
            listeners.getClass().getMethod(method, types).invoke(listeners, arguments);
        } catch (InvocationTargetException e) {
            // A listener of the application failed: that is the caller's, as it would be in Undertow's own sessions.
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Undertow has no ApplicationListeners." + method, e);
        }
    }
}
