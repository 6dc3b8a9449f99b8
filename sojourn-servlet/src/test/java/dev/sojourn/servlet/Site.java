package dev.sojourn.servlet;

import dev.sojourn.MemoryStore;
import dev.sojourn.SessionListener;
import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.SettableClock;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A web application in a real container, whose pages are set by a test. */
final class Site implements AutoCloseable {
    static final String SECRET = "ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN";

    final SettableClock clock = new SettableClock();
    final FaultyStore store = new FaultyStore(MemoryStore.builder().clock(clock).build());
    final Sessions sessions;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
    private final Container.RunningContainer running;

    @FunctionalInterface
    interface Page {
        void show(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }

    /** Filters before and after the Sojourn filter. */
    interface Surroundings {
        default void before(jakarta.servlet.ServletContext context, Sessions sessions) {}

        default void after(jakarta.servlet.ServletContext context, Sessions sessions) {}
    }

    Site(
            @Nullable String errorPage,
            SessionListener listener,
            Consumer<SojournFilter.Builder> options,
            Surroundings surroundings)
            throws Exception {
        this(errorPage, surroundings, c -> c.listener(listener), options);
    }

    /** Starts an application with options for its sessions. */
    static Site configured(Consumer<Sessions.Config> options) throws Exception {
        return configured(options, filter -> {});
    }

    /** Starts an application with options for its sessions and its filter. */
    static Site configured(Consumer<Sessions.Config> options, Consumer<SojournFilter.Builder> filter) throws Exception {
        return new Site("/error", new Surroundings() {}, options, filter);
    }

    private Site(
            @Nullable String errorPage,
            Surroundings surroundings,
            Consumer<Sessions.Config> config,
            Consumer<SojournFilter.Builder> options)
            throws Exception {
        sessions = Sessions.create(c -> {
            c.secret(SECRET).store(store).clock(clock);
            config.accept(c);
        });
        SojournFilter.Builder filter = SojournFilter.builder(sessions);
        options.accept(filter);
        running = Container.configured()
                .start(
                        context -> {
                            surroundings.before(context, sessions);
                            Container.addFilter(context, "sojourn", filter.build());
                            surroundings.after(context, sessions);
                            Container.addServlet(context, "pages", new Pages(), "/*");
                        },
                        errorPage);
    }

    Site(@Nullable String errorPage) throws Exception {
        this(errorPage, new SessionListener() {}, options -> {}, new Surroundings() {});
    }

    /** Returns the sessions of another node, over the same store. */
    Sessions otherNode() {
        return Sessions.create(c -> c.secret(SECRET).store(store).clock(clock));
    }

    int port() {
        return running.port();
    }

    Browser browser() {
        return new Browser(port());
    }

    /** Sets a page at {@code /page} and requests it with a browser. */
    Browser.Response show(Browser browser, Page page) {
        setPage("/page", page);
        return browser.get("/page");
    }

    void setPage(String path, Page page) {
        pages.put(path, page);
    }

    /** Throws the first problem of a page, so that a failed assertion in a page fails the test. */
    void throwProblem() {
        Throwable problem = problems.poll();
        problems.clear();
        if (problem != null) {
            throw new AssertionError("a page failed", problem);
        }
    }

    void addProblem(Throwable problem) {
        problems.add(problem);
    }

    @Override
    public void close() {
        running.close();
    }

    private final class Pages extends HttpServlet {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            Page page = pages.get(path(request));
            if (page == null) {
                response.setStatus(404);
                response.getWriter().print("no page at " + path(request));
                return;
            }
            try {
                page.show(request, response);
            } catch (AssertionError e) {
                problems.add(e);
                throw e;
            }
        }

        private String path(HttpServletRequest request) {
            if (request.getDispatcherType() == DispatcherType.INCLUDE) {
                return (String) request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI);
            }
            return request.getDispatcherType() == DispatcherType.ERROR ? "/error" : request.getRequestURI();
        }
    }
}
