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
    /** A web application, as it mounts itself when it starts. */
    @FunctionalInterface
    interface App {
        void mount(ServletContext context) throws ServletException;
    }

    /**
     * One of a container's applications.
     *
     * @param path its context path, empty for the root
     * @param errorPage where the container goes with errors of all kinds, or null for the container's own report
     */
    record Mounted(String path, App app, @Nullable String errorPage) {}

    /** Starts it with these applications, which can reach each other through {@code ServletContext.getContext}. */
    Running start(List<Mounted> apps) throws Exception;

    /** Starts it with these applications, and with sessions of its own where it has them only on request. */
    default Running startWithItsOwnSessions(List<Mounted> apps) throws Exception {
        return start(apps);
    }

    /**
     * Starts it with one application at the root.
     *
     * @param errorPage where the container goes with errors of all kinds, or null for the container's own report
     */
    default Running start(App app, @Nullable String errorPage) throws Exception {
        return start(List.of(new Mounted("", app, errorPage)));
    }

    /** One filter for all dispatches, one servlet for every path and for the error page at {@code /error}. */
    default Running start(Filter filter, Servlet servlet) throws Exception {
        return start(filter, servlet, "/*");
    }

    /** One filter for all dispatches, one servlet for these patterns, of which one is for the error page at {@code /error}. */
    default Running start(Filter filter, Servlet servlet, String... patterns) throws Exception {
        return start(
                context -> {
                    filter(context, "sojourn", filter);
                    servlet(context, "scenario", servlet, patterns);
                },
                "/error");
    }

    static void filter(ServletContext context, String name, Filter filter) {
        FilterRegistration.Dynamic added = context.addFilter(name, filter);
        added.setAsyncSupported(true);
        added.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    }

    static void servlet(ServletContext context, String name, Servlet servlet, String... paths) {
        ServletRegistration.Dynamic added = context.addServlet(name, servlet);
        added.setAsyncSupported(true);
        added.addMapping(paths);
    }

    /** A container that serves. */
    record Running(int port, AutoCloseable stop) implements AutoCloseable {
        @Override
        public void close() {
            try {
                stop.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The container that this run of the tests is about. */
    static Container ofThisRun() {
        return switch (name()) {
            case "tomcat" -> new TomcatContainer();
            case "undertow" -> new UndertowContainer();
            default -> new JettyContainer(name().substring("jetty-".length()));
        };
    }

    static String name() {
        return System.getProperty("sojourn.container", "tomcat");
    }

    /** Returns whether {@link #start} gives it sessions of its own: Jetty has them only on request. */
    static boolean hasItsOwnSessions() {
        return !name().startsWith("jetty");
    }
}
