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

/** A small web site with sessions on the JDK's server, and a visitor who sends whatever it is told. */
public final class Site implements AutoCloseable {
    /** A secret for tests. */
    public static final String SECRET = "zK3v8Qm1Yt6Rw0Xc5Bn2Hs7Lp4Jd9Gf-aEuIo";

    /** Another one. */
    public static final String OTHER_SECRET = "M2qWvE7rTn5yUb0iOx3pAs8dFg1hJk6lZc-QzY";

    private static final long PATIENCE_SECONDS = 30;

    private final SettableClock clock;
    private final SpyStore store;
    private final Heard heard = new Heard();
    private final Sessions sessions;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private volatile @Nullable Page everyPage;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition nobody = lock.newCondition();
    private int underWay;

    /** A page of the site. */
    @FunctionalInterface
    public interface Page {
        /** What it answers; null if it has answered already. */
        @Nullable
        String answer(Session session, HttpExchange exchange) throws IOException;
    }

    /** With the default options. */
    public Site() {
        this(c -> {});
    }

    /** With a clock that stands still, a memory store and these options. */
    public Site(Consumer<Sessions.Config> options) {
        this(new SettableClock(), options);
    }

    private Site(SettableClock clock, Consumer<Sessions.Config> options) {
        this(clock, new SpyStore(MemoryStore.builder().clock(clock).build()), options);
    }

    /** One node of several over one store. */
    public Site(SettableClock clock, SpyStore store, Consumer<Sessions.Config> options) {
        this.clock = clock;
        this.store = store;
        this.sessions = Sessions.create(c -> {
            c.secret(SECRET).clock(clock).store(store).listener(heard);
            options.accept(c);
        });
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HttpContext context = server.createContext("/", this::handle);
        context.getFilters().add(new Watch());
        context.getFilters().add(new SojournFilter(sessions));
        server.setExecutor(threads);
        usualPages();
        server.start();
    }

    private void usualPages() {
        page("/untouched", (session, exchange) -> "ok");
        page("/read", (session, exchange) -> String.valueOf(session.get("a", Object.class)));
        page("/set", (session, exchange) -> {
            session.set("a", query(exchange));
            return "ok";
        });
        page("/change", (session, exchange) -> {
            String before = String.valueOf(session.get("a", Object.class));
            session.set("a", query(exchange));
            return before;
        });
        page("/count", (session, exchange) -> String.valueOf(session.update("n", Integer.class, Site::oneMore)));
        page("/subject", (session, exchange) -> String.valueOf(session.subject()));
        page("/login", (session, exchange) -> {
            session.login(query(exchange));
            return "ok";
        });
        page("/logout", (session, exchange) -> {
            session.destroy();
            return "ok";
        });
        page("/change-id", (session, exchange) -> {
            session.changeId();
            return "ok";
        });
        page("/regenerate", (session, exchange) -> {
            session.regenerate();
            return "ok";
        });
    }

    private static Integer oneMore(@Nullable Integer n) {
        return n == null ? 1 : n + 1;
    }

    /** What stands behind the question mark. */
    public static String query(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return query == null ? "" : query;
    }

    /** Adds a page. */
    public Site page(String path, Page page) {
        pages.put(path, page);
        return this;
    }

    /** Answers every request with this page, whatever its path, as a router does that knows more spellings than this site. */
    public Site everyPage(Page page) {
        everyPage = page;
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        Page page = everyPage != null
                ? everyPage
                : pages.get(exchange.getRequestURI().getPath());
        String text = page == null ? "no such page" : page.answer(Sojourn.session(exchange), exchange);
        if (text == null) {
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(page == null ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Knows when the server is done with a request: listeners hear after the answer has left. */
    private final class Watch extends Filter {
        @Override
        public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
            count(1);
            try {
                chain.doFilter(exchange);
            } finally {
                count(-1);
            }
        }

        @Override
        public String description() {
            return "watch";
        }
    }

    private void count(int more) {
        lock.lock();
        try {
            underWay += more;
            nobody.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no request is under way. */
    public void quiet() {
        lock.lock();
        try {
            while (underWay > 0) {
                if (!nobody.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("a request does not end");
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something that another thread does. */
    public static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- the visitor

    /** Asks for a page with these header lines and waits until the server is done with the request. */
    public Reply get(String path, String... headers) {
        Reply reply = visit(path, headers);
        quiet();
        return reply;
    }

    /** Asks for a page as the holder of a token in the default cookie. */
    public Reply as(String token, String path) {
        return get(path, cookie(token));
    }

    /** Asks for a page while others may be under way. */
    public Reply visit(String path, String... headers) {
        return Wire.send(port(), Wire.request("GET", path, "localhost:" + port(), headers));
    }

    /** Asks by another method or under another host name. */
    public Reply ask(String method, String path, String host, String... headers) {
        Reply reply = Wire.send(port(), Wire.request(method, path, host, headers));
        quiet();
        return reply;
    }

    /** The header line with this token in the default cookie. */
    public static String cookie(String token) {
        return "Cookie: __Host-id=" + token;
    }

    /** A new session with {@code a} set to this text; gives its token. Forgets the calls and events that this took. */
    public String begin(String text) {
        String token = get("/set?" + text).token();
        store.forget();
        heard.clear();
        return token;
    }

    // ---- the parts

    /** The port. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** The clock. */
    public SettableClock clock() {
        return clock;
    }

    /** The store. */
    public SpyStore store() {
        return store;
    }

    /** The listener. */
    public Heard heard() {
        return heard;
    }

    /** The sessions. */
    public Sessions sessions() {
        return sessions;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
