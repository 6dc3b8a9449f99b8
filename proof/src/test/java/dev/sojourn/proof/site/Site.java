package dev.sojourn.proof.site;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A web site with sessions on the JDK's HTTP server, with methods that send requests to it. */
public final class Site implements AutoCloseable {
    /** A secret for tests. */
    public static final String SECRET = "zK3v8Qm1Yt6Rw0Xc5Bn2Hs7Lp4Jd9Gf-aEuIo";

    /** Another secret for tests. */
    public static final String OTHER_SECRET = "M2qWvE7rTn5yUb0iOx3pAs8dFg1hJk6lZc-QzY";

    private static final long TIMEOUT_SECONDS = 30;

    private final SettableClock clock;
    private final SpyStore store;
    private final RecordingListener listener = new RecordingListener();
    private final Sessions sessions;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private volatile @Nullable Page everyPage;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition requestDone = lock.newCondition();
    private int activeRequests;

    /** The handler of a page. */
    @FunctionalInterface
    public interface Page {
        /** Returns the response body; null if the page has sent its response. */
        @Nullable
        String respond(Session session, HttpExchange exchange) throws IOException;
    }

    /** Creates a site with the default options. */
    public Site() {
        this(c -> {});
    }

    /** Creates a site with a stopped clock, a memory store and these options. */
    public Site(Consumer<Sessions.Config> options) {
        this(new SettableClock(), options);
    }

    private Site(SettableClock clock, Consumer<Sessions.Config> options) {
        this(clock, new SpyStore(MemoryStore.builder().clock(clock).build()), options);
    }

    /** Creates one of several nodes that share a store. */
    public Site(SettableClock clock, SpyStore store, Consumer<Sessions.Config> options) {
        this.clock = clock;
        this.store = store;
        this.sessions = Sessions.create(c -> {
            c.secret(SECRET).clock(clock).store(store).listener(listener);
            options.accept(c);
        });
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HttpContext context = server.createContext("/", this::handle);
        context.getFilters().add(new RequestCounter());
        context.getFilters().add(new SojournFilter(sessions));
        server.setExecutor(threads);
        addDefaultPages();
        server.start();
    }

    private void addDefaultPages() {
        addPage("/untouched", (session, exchange) -> "ok");
        addPage("/read", (session, exchange) -> String.valueOf(session.get("a", Object.class)));
        addPage("/set", (session, exchange) -> {
            session.set("a", query(exchange));
            return "ok";
        });
        addPage("/change", (session, exchange) -> {
            String before = String.valueOf(session.get("a", Object.class));
            session.set("a", query(exchange));
            return before;
        });
        addPage("/count", (session, exchange) -> String.valueOf(session.update("n", Integer.class, Site::increment)));
        addPage("/subject", (session, exchange) -> String.valueOf(session.subject()));
        addPage("/login", (session, exchange) -> {
            session.login(query(exchange));
            return "ok";
        });
        addPage("/logout", (session, exchange) -> {
            session.destroy();
            return "ok";
        });
        addPage("/change-id", (session, exchange) -> {
            session.changeId();
            return "ok";
        });
        addPage("/regenerate", (session, exchange) -> {
            session.regenerate();
            return "ok";
        });
    }

    private static Integer increment(@Nullable Integer n) {
        return n == null ? 1 : n + 1;
    }

    /** Returns the raw query; empty if there is none. */
    public static String query(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return query == null ? "" : query;
    }

    /** Adds a page. */
    public Site addPage(String path, Page page) {
        pages.put(path, page);
        return this;
    }

    /** Serves every path with this page, as a router that recognizes more path spellings than this site does. */
    public Site serveEveryPath(Page page) {
        everyPage = page;
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        Page page = everyPage != null
                ? everyPage
                : pages.get(exchange.getRequestURI().getPath());
        String text = page == null ? "no such page" : page.respond(Sojourn.session(exchange), exchange);
        if (text == null) {
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(page == null ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Counts running requests: listeners are called after the response has been sent. */
    private final class RequestCounter extends Filter {
        @Override
        public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
            addActiveRequests(1);
            try {
                chain.doFilter(exchange);
            } finally {
                addActiveRequests(-1);
            }
        }

        @Override
        public String description() {
            return "request counter";
        }
    }

    private void addActiveRequests(int change) {
        lock.lock();
        try {
            activeRequests += change;
            requestDone.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no request is running. */
    public void awaitIdle() {
        lock.lock();
        try {
            while (activeRequests > 0) {
                if (!requestDone.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("a request did not end in time");
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for another thread to count down the latch. */
    public static void await(CountDownLatch latch) {
        try {
            if (!latch.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the latch was not counted down in time");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- requests

    /** Sends a GET request with these header lines and waits until the server has finished it. */
    public RawResponse get(String path, String... headers) {
        RawResponse response = send(path, headers);
        awaitIdle();
        return response;
    }

    /** Sends a GET request with this token in the default cookie and waits until the server has finished it. */
    public RawResponse getAs(String token, String path) {
        return get(path, cookie(token));
    }

    /** Sends a GET request without waiting for the end of running requests. */
    public RawResponse send(String path, String... headers) {
        return RawHttp.send(port(), RawHttp.request("GET", path, "localhost:" + port(), headers));
    }

    /** Sends a request with this method and host name and waits until the server has finished it. */
    public RawResponse request(String method, String path, String host, String... headers) {
        RawResponse response = RawHttp.send(port(), RawHttp.request(method, path, host, headers));
        awaitIdle();
        return response;
    }

    /** Returns the Cookie header line with this token in the default cookie. */
    public static String cookie(String token) {
        return "Cookie: __Host-id=" + token;
    }

    /** Creates a session with {@code a} set to this text, clears the recorded calls and events, and returns its token. */
    public String startSession(String text) {
        String token = get("/set?" + text).token();
        store.clearCalls();
        listener.clear();
        return token;
    }

    // ---- parts

    /** Returns the port. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Returns the clock. */
    public SettableClock clock() {
        return clock;
    }

    /** Returns the store. */
    public SpyStore store() {
        return store;
    }

    /** Returns the listener. */
    public RecordingListener listener() {
        return listener;
    }

    /** Returns the sessions. */
    public Sessions sessions() {
        return sessions;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
