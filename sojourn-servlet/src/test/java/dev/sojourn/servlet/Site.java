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

/** A web application whose pages are given one by one, in a real container. */
final class Site implements AutoCloseable {
    static final String SECRET = "ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN";

    final SettableClock clock = new SettableClock();
    final FaultyStore store = new FaultyStore(MemoryStore.builder().clock(clock).build());
    final Sessions sessions;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
    private final Container.Running running;

    @FunctionalInterface
    interface Page {
        void show(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }

    /** What surrounds the pages in addition to their filter. */
    interface Frame {
        default void before(jakarta.servlet.ServletContext context, Sessions sessions) {}

        default void after(jakarta.servlet.ServletContext context, Sessions sessions) {}
    }

    Site(@Nullable String errorPage, SessionListener listener, Consumer<SojournFilter.Builder> options, Frame frame)
            throws Exception {
        this(errorPage, frame, c -> c.listener(listener), options);
    }

    /** A plain application whose sessions have options. */
    static Site configured(Consumer<Sessions.Config> options) throws Exception {
        return configured(options, filter -> {});
    }

    /** A plain application whose sessions and whose filter have options. */
    static Site configured(Consumer<Sessions.Config> options, Consumer<SojournFilter.Builder> filter) throws Exception {
        return new Site("/error", new Frame() {}, options, filter);
    }

    private Site(
            @Nullable String errorPage,
            Frame frame,
            Consumer<Sessions.Config> config,
            Consumer<SojournFilter.Builder> options)
            throws Exception {
        sessions = Sessions.create(c -> {
            c.secret(SECRET).store(store).clock(clock);
            config.accept(c);
        });
        SojournFilter.Builder filter = SojournFilter.builder(sessions);
        options.accept(filter);
        running = Container.ofThisRun()
                .start(
                        context -> {
                            frame.before(context, sessions);
                            Container.filter(context, "sojourn", filter.build());
                            frame.after(context, sessions);
                            Container.servlet(context, "pages", new Pages(), "/*");
                        },
                        errorPage);
    }

    Site(@Nullable String errorPage) throws Exception {
        this(errorPage, new SessionListener() {}, options -> {}, new Frame() {});
    }

    /** The same application on another node, over the same store. */
    Sessions otherNode() {
        return Sessions.create(c -> c.secret(SECRET).store(store).clock(clock));
    }

    int port() {
        return running.port();
    }

    Browser browser() {
        return new Browser(port());
    }

    /** Shows a page, at this path from now on, to a browser. */
    Browser.Response show(Browser browser, Page page) {
        at("/page", page);
        return browser.get("/page");
    }

    void at(String path, Page page) {
        pages.put(path, page);
    }

    /** An assertion that failed in a page fails the test, not only the page. */
    void check() {
        Throwable problem = problems.poll();
        problems.clear();
        if (problem != null) {
            throw new AssertionError("a page went wrong", problem);
        }
    }

    void went(Throwable wrong) {
        problems.add(wrong);
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
