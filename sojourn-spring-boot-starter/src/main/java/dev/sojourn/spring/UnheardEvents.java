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
 * Spring MVC tells of every request when it is over, and names its session, which is a store call for a request that did
 * not use it. Where nobody hears of it, it is not told.
 */
final class UnheardEvents implements ApplicationListener<ContextRefreshedEvent> {
    static final String PROPERTY = "spring.mvc.publish-request-handled-events";

    private static final ResolvableType EVENT = ResolvableType.forClass(ServletRequestHandledEvent.class);

    private final AbstractApplicationContext context;
    private final ObjectProvider<DispatcherServlet> servlets;

    UnheardEvents(AbstractApplicationContext context, ObjectProvider<DispatcherServlet> servlets) {
        this.context = context;
        this.servlets = servlets;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() == context) {
            servlets.forEach(this::keepQuiet);
        }
    }

    /** Has a servlet publish nothing, unless there is a listener or the property decides. */
    void keepQuiet(DispatcherServlet servlet) {
        if (!context.getEnvironment().containsProperty(PROPERTY) && !isHeard(context.getApplicationListeners())) {
            servlet.setPublishEvents(false);
        }
    }

    private static boolean isHeard(Collection<ApplicationListener<?>> listeners) {
        return listeners.stream().anyMatch(each -> isApplications(each) && hears(each));
    }

    /** Spring's own that hear of everything pass it on to what waits for other events. */
    private static boolean isApplications(ApplicationListener<?> listener) {
        return listener instanceof ApplicationListenerMethodAdapter
                || !listener.getClass().getName().startsWith("org.springframework.");
    }

    private static boolean hears(ApplicationListener<?> listener) {
        GenericApplicationListener asked = listener instanceof GenericApplicationListener generic
                ? generic
                : new GenericApplicationListenerAdapter(listener);
        return asked.supportsEventType(EVENT);
    }
}
