package dev.sojourn.servlet;

import jakarta.servlet.ServletContext;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session listeners that an application registered with its container: in {@code web.xml}, by {@code @WebListener} or by
 * {@code ServletContext.addListener}. The Servlet API cannot list them. Tomcat, Jetty and Undertow have public methods for it, which
 * are called by reflection because a filter does not know its container.
 */
final class ContainerListeners {
    private static final String TOMCAT_RESOURCES = "org.apache.catalina.resources";
    private static final String JETTY_HANDLER = ".servlet.ServletContextHandler";
    private static final String UNDERTOW_CONTEXT = "io.undertow.servlet.spec.ServletContextImpl";

    private ContainerListeners() {}

    /** Returns the container's session listeners in its order; none in other containers. */
    static List<EventListener> of(ServletContext context) {
        try {
            List<EventListener> found = new ArrayList<>();
            tomcatListeners(context).forEach(each -> add(found, each));
            jettyListeners(context).forEach(each -> add(found, each));
            if (context.getClass().getName().equals(UNDERTOW_CONTEXT)) {
                found.add(new UndertowListeners(call(call(context, "getDeployment"), "getApplicationListeners")));
            }
            return found;
        } catch (ReflectiveOperationException | RuntimeException e) {
            SojournFilter.logger()
                    .log(
                            Level.WARNING,
                            "the container's session listeners cannot be found and receive no events: name them in"
                                    + " SojournFilter.builder(sessions).listeners(…)",
                            e);
            return List.of();
        }
    }

    private static void add(List<EventListener> found, @Nullable Object each) {
        if (each instanceof EventListener listener
                && DropInListeners.isSessionListener(listener)
                && !found.contains(listener)) {
            found.add(listener);
        }
    }

    private static List<?> tomcatListeners(ServletContext context) throws ReflectiveOperationException {
        Object resources = context.getAttribute(TOMCAT_RESOURCES);
        if (resources == null) {
            return List.of();
        }
        Object tomcatContext = call(resources, "getContext");
        List<Object> all = new ArrayList<>();
        all.addAll(Arrays.asList((Object[]) call(tomcatContext, "getApplicationEventListeners")));
        all.addAll(Arrays.asList((Object[]) call(tomcatContext, "getApplicationLifecycleListeners")));
        return all;
    }

    /** Jetty's environments differ in one part of the package name. */
    private static Collection<?> jettyListeners(ServletContext context) throws ReflectiveOperationException {
        Class<?> type = context.getClass();
        for (String environment : List.of("ee9", "ee10", "ee11")) {
            String root = "org.eclipse.jetty." + environment;
            if (type.getName().startsWith(root + ".")) {
                Object handler = Class.forName(root + JETTY_HANDLER, false, type.getClassLoader())
                        .getMethod("getServletContextHandler", ServletContext.class)
                        .invoke(null, context);
                return handler == null ? List.of() : (Collection<?>) call(handler, "getEventListeners");
            }
        }
        return List.of();
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        return target.getClass().getMethod(method).invoke(target);
    }
}
