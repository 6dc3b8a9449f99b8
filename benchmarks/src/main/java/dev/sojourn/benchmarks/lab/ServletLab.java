package dev.sojourn.benchmarks.lab;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
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
record ServletLab(LabContent content) implements ServletContainerInitializer {
    private static final String ENDPOINTS = "endpoints";

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        context.addServlet("bare", bare(content)).addMapping(LabEndpoints.BARE);
        context.addServlet(ENDPOINTS, new LabServlet(request -> respond(content, request)))
                .addMapping("/");
        FilterRegistration.Dynamic filter = context.addFilter("sojourn", new SojournFilter(content.sessions()));
        filter.setAsyncSupported(true);
        filter.addMappingForServletNames(EnumSet.allOf(DispatcherType.class), true, ENDPOINTS);
    }

    static LabServlet bare(LabContent content) {
        return new LabServlet(request -> content.endpoints()
                .respondBare(request.getMethod(), request.getRequestURI(), request.getQueryString()));
    }

    static LabResponse respond(LabContent content, HttpServletRequest request) {
        return content.endpoints()
                .respond(
                        request.getMethod(),
                        request.getRequestURI(),
                        request.getQueryString(),
                        new ServletSessions(request));
    }

    private record ServletSessions(HttpServletRequest request) implements RequestSessions {
        @Override
        public Session session() {
            return Sojourn.session(request);
        }

        @Override
        public SealedSession sealed() {
            return Sojourn.sealed(request);
        }

        @Override
        public SessionView view() {
            return Sojourn.view(request);
        }
    }
}
