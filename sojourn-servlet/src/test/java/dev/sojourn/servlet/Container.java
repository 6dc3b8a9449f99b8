package dev.sojourn.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A servlet container for tests, on a free port of 127.0.0.1. */
interface Container {
    /** A web application that mounts its filters and servlets when it starts. */
    @FunctionalInterface
    interface App {
        void mount(ServletContext context) throws ServletException;
    }

    /**
     * An application and its place in a container.
     *
     * @param path its context path, empty for the root
     * @param errorPage the path of the page for all errors, or null for the container's default error page
     */
    record MountedApp(String path, App app, @Nullable String errorPage) {}

    /** Starts the container with these applications, which can reach each other through {@code ServletContext.getContext}. */
    RunningContainer start(List<MountedApp> apps) throws Exception;

    /** Starts the container with these applications and with container sessions, which Jetty has only on request. */
    default RunningContainer startWithContainerSessions(List<MountedApp> apps) throws Exception {
        return start(apps);
    }

    /**
     * Starts the container with one application at the root.
     *
     * @param errorPage the path of the page for all errors, or null for the container's default error page
     */
    default RunningContainer start(App app, @Nullable String errorPage) throws Exception {
        return start(List.of(new MountedApp("", app, errorPage)));
    }

    /**
     * Starts the container with one filter for all dispatches, and one servlet for all paths and for the error page
     * {@code /error}.
     */
    default RunningContainer start(Filter filter, Servlet servlet) throws Exception {
        return start(filter, servlet, "/*");
    }

    /**
     * Starts the container with one filter for all dispatches, and one servlet for these patterns, including {@code /error}.
     */
    default RunningContainer start(Filter filter, Servlet servlet, String... patterns) throws Exception {
        return start(
                context -> {
                    addFilter(context, "sojourn", filter);
                    addServlet(context, "scenario", servlet, patterns);
                },
                "/error");
    }

    static void addFilter(ServletContext context, String name, Filter filter) {
        FilterRegistration.Dynamic added = context.addFilter(name, filter);
        added.setAsyncSupported(true);
        added.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    }

    static void addServlet(ServletContext context, String name, Servlet servlet, String... paths) {
        ServletRegistration.Dynamic added = context.addServlet(name, servlet);
        added.setAsyncSupported(true);
        added.addMapping(paths);
    }

    /** A running container. */
    record RunningContainer(int port, AutoCloseable stop) implements AutoCloseable {
        @Override
        public void close() {
            try {
                stop.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Returns the container that this run tests. */
    static Container configured() {
        return switch (name()) {
            case "tomcat" -> new TomcatContainer();
            case "undertow" -> new UndertowContainer();
            default -> new JettyContainer(name().substring("jetty-".length()));
        };
    }

    static String name() {
        return System.getProperty("sojourn.container", "tomcat");
    }

    /** Returns whether {@link #start} also starts container sessions: Jetty has them only on request. */
    static boolean hasContainerSessions() {
        return !name().startsWith("jetty");
    }
}
