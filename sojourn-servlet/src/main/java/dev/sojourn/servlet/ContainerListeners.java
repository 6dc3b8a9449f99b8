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
 * The session listeners that an application gave its container: by {@code web.xml}, {@code @WebListener} or
 * {@code ServletContext.addListener}. The Servlet API has no way to ask for them; Tomcat, Jetty and Undertow have public
 * methods of their own, which are called by name, since a filter runs in whichever container there is.
 */
final class ContainerListeners {
    private static final String TOMCATS_RESOURCES = "org.apache.catalina.resources";
    private static final String JETTYS_HANDLER = ".servlet.ServletContextHandler";
    private static final String UNDERTOWS_CONTEXT = "io.undertow.servlet.spec.ServletContextImpl";

    private ContainerListeners() {}

    /** Returns those that hear of sessions, in the container's order; none in other containers. */
    static List<EventListener> of(ServletContext context) {
        try {
            List<EventListener> found = new ArrayList<>();
            tomcats(context).forEach(each -> add(found, each));
            jettys(context).forEach(each -> add(found, each));
            if (context.getClass().getName().equals(UNDERTOWS_CONTEXT)) {
                found.add(new UndertowListeners(call(call(context, "getDeployment"), "getApplicationListeners")));
            }
            return found;
        } catch (ReflectiveOperationException | RuntimeException e) {
            SojournFilter.log().log(
                    Level.WARNING,
                    "the session listeners that the container knows cannot be found and hear nothing:"
                            + " name them in SojournFilter.builder(sessions).listeners(…)",
                    e);
            return List.of();
        }
    }

    private static void add(List<EventListener> found, @Nullable Object each) {
        if (each instanceof EventListener listener
                && Listeners.hearsOfSessions(listener)
                && !found.contains(listener)) {
            found.add(listener);
        }
    }

    private static List<?> tomcats(ServletContext context) throws ReflectiveOperationException {
        Object resources = context.getAttribute(TOMCATS_RESOURCES);
        if (resources == null) {
            return List.of();
        }
        Object tomcats = call(resources, "getContext");
        List<Object> all = new ArrayList<>();
        all.addAll(Arrays.asList((Object[]) call(tomcats, "getApplicationEventListeners")));
        all.addAll(Arrays.asList((Object[]) call(tomcats, "getApplicationLifecycleListeners")));
        return all;
    }

    /** Jetty's environments differ in a part of the package's name. */
    private static Collection<?> jettys(ServletContext context) throws ReflectiveOperationException {
        Class<?> own = context.getClass();
        for (String environment : List.of("ee9", "ee10", "ee11")) {
            String home = "org.eclipse.jetty." + environment;
            if (own.getName().startsWith(home + ".")) {
                Object handler = Class.forName(home + JETTYS_HANDLER, false, own.getClassLoader())
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
