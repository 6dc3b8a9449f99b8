package dev.sojourn.proof.site;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A web site with sessions on the JDK's HTTP server, with methods that send requests to it. A site on two nodes has two servers,
 * each with its own {@link Sessions}, over one store: each request goes to the node that did not get the request before it.
 */
public final class Site implements AutoCloseable {
    /** A secret for tests. */
    public static final String SECRET = "zK3v8Qm1Yt6Rw0Xc5Bn2Hs7Lp4Jd9Gf-aEuIo";

    /** Another secret for tests. */
    public static final String OTHER_SECRET = "M2qWvE7rTn5yUb0iOx3pAs8dFg1hJk6lZc-QzY";

    private final SettableClock clock;
    private final SpyStore store;
    private final RecordingListener listener = new RecordingListener();
    private final List<Sessions> sessions;
    private final List<SiteServer> nodes;
    private final AtomicInteger requests = new AtomicInteger();
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
        this(clock, memoryStore(clock), options);
    }

    /** Creates one of several nodes that share a store. */
    public Site(SettableClock clock, SpyStore store, Consumer<Sessions.Config> options) {
        this(clock, store, 1, options);
    }

    private Site(SettableClock clock, SpyStore store, int nodes, Consumer<Sessions.Config> options) {
        this.clock = clock;
        this.store = store;
        this.sessions =
                Stream.generate(() -> createSessions(options)).limit(nodes).toList();
        addDefaultPages();
        this.nodes = sessions.stream()
                .map(each -> new SiteServer(each, this::handle))
                .toList();
    }

    /** Creates a site on two nodes with the default options. */
    public static Site onTwoNodes() {
        return onTwoNodes(c -> {});
    }

    /** Creates a site on two nodes with a stopped clock, a memory store and these options. */
    public static Site onTwoNodes(Consumer<Sessions.Config> options) {
        SettableClock clock = new SettableClock();
        return onTwoNodes(clock, memoryStore(clock), options);
    }

    /** Creates a site on two nodes with this clock and store. */
    public static Site onTwoNodes(SettableClock clock, SpyStore store, Consumer<Sessions.Config> options) {
        return new Site(clock, store, 2, options);
    }

    private static SpyStore memoryStore(SettableClock clock) {
        return new SpyStore(MemoryStore.builder().clock(clock).build());
    }

    private Sessions createSessions(Consumer<Sessions.Config> options) {
        return Sessions.create(c -> {
            c.secret(SECRET).clock(clock).store(store).listener(listener);
            options.accept(c);
        });
    }

    private SiteServer nextNode() {
        return nodes.get(Math.floorMod(requests.getAndIncrement(), nodes.size()));
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
        nodes.forEach(SiteServer::awaitIdle);
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
        SiteServer node = nextNode();
        return node.sendRaw(RawHttp.request("GET", path, node.host(), headers));
    }

    /** Sends a request with this method and host name and waits until the server has finished it. */
    public RawResponse request(String method, String path, String host, String... headers) {
        RawResponse response = nextNode().request(method, path, host, headers);
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

    /** Returns the port of the first node. */
    public int port() {
        return nodes.get(0).port();
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

    /** Returns the sessions of the first node. */
    public Sessions sessions() {
        return sessions.get(0);
    }

    @Override
    public void close() {
        nodes.forEach(SiteServer::close);
    }
}
