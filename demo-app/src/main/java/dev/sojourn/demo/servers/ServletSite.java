package dev.sojourn.demo.servers;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.demo.web.RequestSessions;
import dev.sojourn.demo.web.SessionlessPaths;
import dev.sojourn.servlet.Sojourn;
import dev.sojourn.servlet.SojournFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Mounts the demo in a servlet container: two servlets and two filters. */
final class ServletSite implements ServletContainerInitializer {
    private static final String PAGES = "pages";

    private final DemoContent content;

    ServletSite(DemoContent content) {
        this.content = content;
    }

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        context.addServlet("outside", sessionless(content)).addMapping(sessionlessPaths());
        context.addServlet(PAGES, new DemoServlet(pages(content))).addMapping("/");
        // In this order, so that the journal sees the headers that the session filter sets.
        add(context, "journal", new ServletJournalFilter(content.recorder()), EnumSet.of(DispatcherType.REQUEST));
        add(context, "sojourn", new SojournFilter(content.sessions()), EnumSet.allOf(DispatcherType.class));
    }

    static DemoServlet sessionless(DemoContent content) {
        return new DemoServlet(request -> content.sessionless().respond(new ServletRawRequest(request)));
    }

    static String[] sessionlessPaths() {
        return SessionlessPaths.PATHS.stream()
                .map(path -> path.endsWith("/") ? path + "*" : path)
                .toArray(String[]::new);
    }

    static DemoServlet.Responder pages(DemoContent content) {
        return request -> content.pages().respond(new ServletRawRequest(request), new ServletSessions(request));
    }

    private static void add(ServletContext context, String name, Filter filter, EnumSet<DispatcherType> dispatches) {
        FilterRegistration.Dynamic added = context.addFilter(name, filter);
        added.setAsyncSupported(true);
        added.addMappingForServletNames(dispatches, true, PAGES);
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
