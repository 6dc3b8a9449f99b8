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

/** The lab in servlets, for every server that runs those. */
record ServletLab(Sessions sessions) implements ServletContainerInitializer {
    private static final String INSIDE = "inside";

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        context.addServlet("bare", bare()).addMapping(LabEndpoints.BARE);
        context.addServlet(INSIDE, new LabServlet(ServletLab::answer)).addMapping("/");
        FilterRegistration.Dynamic filter = context.addFilter("sojourn", new SojournFilter(sessions));
        filter.setAsyncSupported(true);
        filter.addMappingForServletNames(EnumSet.allOf(DispatcherType.class), true, INSIDE);
    }

    static LabServlet bare() {
        return new LabServlet(request ->
                LabEndpoints.answerBare(request.getMethod(), request.getRequestURI(), request.getQueryString()));
    }

    static LabAnswer answer(HttpServletRequest request) {
        return LabEndpoints.answer(
                request.getMethod(), request.getRequestURI(), request.getQueryString(), () -> Sojourn.session(request));
    }
}
