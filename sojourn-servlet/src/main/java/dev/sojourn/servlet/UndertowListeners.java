package dev.sojourn.servlet;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.InvocationTargetException;

/** Forwards events to Undertow's listeners, which it does not expose but notifies through public methods. */
final class UndertowListeners implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
    private final Object listeners;

    /**
     * Creates the forwarder.
     *
     * @param listeners the application's {@code io.undertow.servlet.core.ApplicationListeners}
     */
    UndertowListeners(Object listeners) {
        this.listeners = listeners;
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        call("sessionCreated", new Class<?>[] {HttpSession.class}, event.getSession());
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        call("sessionDestroyed", new Class<?>[] {HttpSession.class}, event.getSession());
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
        callAttributeMethod("httpSessionAttributeAdded", event);
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
        callAttributeMethod("httpSessionAttributeReplaced", event);
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
        callAttributeMethod("httpSessionAttributeRemoved", event);
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldId) {
        call("httpSessionIdChanged", new Class<?>[] {HttpSession.class, String.class}, event.getSession(), oldId);
    }

    private void callAttributeMethod(String method, HttpSessionBindingEvent event) {
        call(
                method,
                new Class<?>[] {HttpSession.class, String.class, Object.class},
                event.getSession(),
                event.getName(),
                event.getValue());
    }

    private void call(String method, Class<?>[] types, Object... arguments) {
        try {
            listeners.getClass().getMethod(method, types).invoke(listeners, arguments);
        } catch (InvocationTargetException e) {
            // A listener of the application threw: the exception propagates, as with Undertow's sessions.
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
