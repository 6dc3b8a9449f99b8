package dev.sojourn.demo.servers;

import dev.sojourn.demo.web.Outside;
import dev.sojourn.servlet.Sojourn;
import dev.sojourn.servlet.SojournFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The demo in two servlets and two filters, for every server that runs those. */
final class ServletSite implements ServletContainerInitializer {
    private static final String PAGES = "pages";

    private final Served served;

    ServletSite(Served served) {
        this.served = served;
    }

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        context.addServlet("outside", outside(served)).addMapping(outsidePaths());
        context.addServlet(PAGES, new DemoServlet(pages(served))).addMapping("/");
        // In this order: the journal sees the head as the session's filter has left it.
        add(context, "journal", new ServletJournal(served.recorder()), EnumSet.of(DispatcherType.REQUEST));
        add(context, "sojourn", new SojournFilter(served.sessions()), EnumSet.allOf(DispatcherType.class));
    }

    static DemoServlet outside(Served served) {
        return new DemoServlet(request -> served.outside().answer(new ServletIncoming(request)));
    }

    static String[] outsidePaths() {
        return Outside.PATHS.stream()
                .map(path -> path.endsWith("/") ? path + "*" : path)
                .toArray(String[]::new);
    }

    static DemoServlet.Answering pages(Served served) {
        return request -> served.pages().answer(new ServletIncoming(request), () -> Sojourn.session(request));
    }

    private static void add(ServletContext context, String name, Filter filter, EnumSet<DispatcherType> dispatches) {
        FilterRegistration.Dynamic added = context.addFilter(name, filter);
        added.setAsyncSupported(true);
        added.addMappingForServletNames(dispatches, true, PAGES);
    }
}
