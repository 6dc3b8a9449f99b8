package dev.sojourn.spring;

import java.util.Collection;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationListenerMethodAdapter;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.context.event.GenericApplicationListenerAdapter;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.web.context.support.ServletRequestHandledEvent;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Stops Spring MVC from publishing {@link ServletRequestHandledEvent} if the application has no listener for it. The event
 * names the session, which costs a store call for a request that does not use its session.
 */
final class RequestHandledEvents implements ApplicationListener<ContextRefreshedEvent> {
    static final String PROPERTY = "spring.mvc.publish-request-handled-events";

    private static final ResolvableType EVENT = ResolvableType.forClass(ServletRequestHandledEvent.class);

    private final AbstractApplicationContext context;
    private final ObjectProvider<DispatcherServlet> servlets;

    RequestHandledEvents(AbstractApplicationContext context, ObjectProvider<DispatcherServlet> servlets) {
        this.context = context;
        this.servlets = servlets;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() == context) {
            servlets.forEach(this::suppress);
        }
    }

    /** Makes a servlet publish no events, unless there is a listener or the property is set. */
    void suppress(DispatcherServlet servlet) {
        if (!context.getEnvironment().containsProperty(PROPERTY) && !hasListener(context.getApplicationListeners())) {
            servlet.setPublishEvents(false);
        }
    }

    private static boolean hasListener(Collection<ApplicationListener<?>> listeners) {
        return listeners.stream().anyMatch(each -> isApplications(each) && supportsEvent(each));
    }

    /** Returns whether a listener belongs to the application. Spring's listeners for all events only forward them. */
    private static boolean isApplications(ApplicationListener<?> listener) {
        return listener instanceof ApplicationListenerMethodAdapter
                || !listener.getClass().getName().startsWith("org.springframework.");
    }

    private static boolean supportsEvent(ApplicationListener<?> listener) {
        GenericApplicationListener generic = listener instanceof GenericApplicationListener typed
                ? typed
                : new GenericApplicationListenerAdapter(listener);
        return generic.supportsEventType(EVENT);
    }
}
