package dev.sojourn.proof.site;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A web site with sessions on the JDK's HTTP server, with methods that send requests to it. */
public final class Site implements AutoCloseable {
    /** A secret for tests. */
    public static final String SECRET = "zK3v8Qm1Yt6Rw0Xc5Bn2Hs7Lp4Jd9Gf-aEuIo";

    /** Another secret for tests. */
    public static final String OTHER_SECRET = "M2qWvE7rTn5yUb0iOx3pAs8dFg1hJk6lZc-QzY";

    private final SettableClock clock;
    private final SpyStore store;
    private final RecordingListener listener = new RecordingListener();
    private final Sessions sessions;
    private final SiteServer server;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private volatile @Nullable Page everyPage;

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
        addDefaultPages();
        this.server = new SiteServer(sessions, this::handle);
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
        if (page == null) {
            SiteServer.respondNotFound(exchange);
            return;
        }
        String text = page.respond(Sojourn.session(exchange), exchange);
        if (text != null) {
            SiteServer.respond(exchange, 200, text);
        }
    }

    /** Waits until no request is running. */
    public void awaitIdle() {
        server.awaitIdle();
    }

    /** Waits for another thread to count down the latch. */
    public static void await(CountDownLatch latch) {
        try {
            if (!latch.await(SiteServer.TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the latch was not counted down in time");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- requests

    /** Sends a GET request with these header lines and waits until the server has finished it. */
    public RawResponse get(String path, String... headers) {
        return server.get(path, headers);
    }

    /** Sends a GET request with this token in the default cookie and waits until the server has finished it. */
    public RawResponse getAs(String token, String path) {
        return get(path, cookie(token));
    }

    /** Sends a GET request without waiting for the end of running requests. */
    public RawResponse send(String path, String... headers) {
        return server.sendRaw(RawHttp.request("GET", path, server.host(), headers));
    }

    /** Sends a request with this method and host name and waits until the server has finished it. */
    public RawResponse request(String method, String path, String host, String... headers) {
        return server.request(method, path, host, headers);
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
        return server.port();
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
        server.close();
    }
}
