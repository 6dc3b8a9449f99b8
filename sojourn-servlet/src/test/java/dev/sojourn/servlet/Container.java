package dev.sojourn.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/** A servlet container for tests, on a free port of 127.0.0.1. */
interface Container {
    /** A web application in the root context, as it mounts itself when it starts. */
    @FunctionalInterface
    interface App {
        void mount(ServletContext context) throws ServletException;
    }

    /**
     * Starts it.
     *
     * @param errorPage where the container goes with errors of all kinds, or null for the container's own report
     */
    Running start(App app, @Nullable String errorPage) throws Exception;

    /** One filter for all dispatches, one servlet for every path and for the error page at {@code /error}. */
    default Running start(Filter filter, Servlet servlet) throws Exception {
        return start(
                context -> {
                    filter(context, "sojourn", filter);
                    servlet(context, "scenario", servlet, "/*");
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
}
