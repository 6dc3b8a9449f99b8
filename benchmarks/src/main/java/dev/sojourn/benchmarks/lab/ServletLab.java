package dev.sojourn.benchmarks.lab;

import dev.sojourn.Sessions;
import dev.sojourn.servlet.Sojourn;
import dev.sojourn.servlet.SojournFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Mounts the lab in a servlet container. */
record ServletLab(Sessions sessions) implements ServletContainerInitializer {
    private static final String ENDPOINTS = "endpoints";

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        context.addServlet("bare", bare()).addMapping(LabEndpoints.BARE);
        context.addServlet(ENDPOINTS, new LabServlet(ServletLab::respond)).addMapping("/");
        FilterRegistration.Dynamic filter = context.addFilter("sojourn", new SojournFilter(sessions));
        filter.setAsyncSupported(true);
        filter.addMappingForServletNames(EnumSet.allOf(DispatcherType.class), true, ENDPOINTS);
    }

    static LabServlet bare() {
        return new LabServlet(request ->
                LabEndpoints.respondBare(request.getMethod(), request.getRequestURI(), request.getQueryString()));
    }

    static LabResponse respond(HttpServletRequest request) {
        return LabEndpoints.respond(
                request.getMethod(), request.getRequestURI(), request.getQueryString(), () -> Sojourn.session(request));
    }
}
