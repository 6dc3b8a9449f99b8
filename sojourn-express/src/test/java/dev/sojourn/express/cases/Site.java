package dev.sojourn.express.cases;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sojourn.Session;
import dev.sojourn.SessionListener;
import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressOptions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An application with sessions like Express's: the same cookie name and records, no user attribute, and plain http. Its clock
 * advances by five milliseconds before each request, and not otherwise.
 */
final class Site implements AutoCloseable {
    static final Consumer<ExpressOptions> MINUTE = e -> e.insecureHttp().maxAge(Duration.ofMinutes(1));
    static final Consumer<ExpressOptions> PLAIN = ExpressOptions::insecureHttp;
    static final Consumer<ExpressOptions> SECURE = e -> {};
    static final Consumer<Sessions.Config> SOJOURN_DEFAULTS = c -> {};
    /** Like the defaults of Express. */
    static final Consumer<Sessions.Config> EXPRESS_DEFAULTS = Sessions.Config::saveUninitialized;

    static final Consumer<Sessions.Config> BEHIND_A_PROXY =
            c -> c.saveUninitialized().trustedProxies("127.0.0.1");
    /** Like {@code resave: false} in Express, where every request that only reads touches its session. */
    static final Consumer<Sessions.Config> TOUCH_ON_EVERY_READ =
            c -> c.saveUninitialized().touchInterval(Duration.ZERO);

    final SettableClock clock = new SettableClock();
    final RecordingStore store;
    final Semaphore storeFailures = new Semaphore(0);
    final Semaphore unreadableRecords = new Semaphore(0);
    final Sessions sessions;
    private final HttpServer server;
    private final HttpContext context;
    private final SocketFactory sockets;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> inProgress = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile @Nullable Socket client;
    private volatile boolean sentBeforeSave;

    /** Handles a request: returns a body, or null if it has already sent a response. */
    @FunctionalInterface
    interface Handler {
        @Nullable
        String response(Session session, HttpExchange exchange) throws Exception;
    }

    /** A handler that only needs its session. */
    @FunctionalInterface
    interface Page {
        String response(Session session) throws Exception;
    }

    static final Handler EMPTY_RESPONSE = (session, exchange) -> "";

    Site(Consumer<ExpressOptions> express, Consumer<Sessions.Config> options) throws IOException {
        this(express, options, null, "/");
    }

    Site(
            Consumer<ExpressOptions> express,
            Consumer<Sessions.Config> options,
            @Nullable RecordingStore shared,
            String mountedAt)
            throws IOException {
        this(express, options, shared, mountedAt, null);
    }

    private Site(
            Consumer<ExpressOptions> express,
            Consumer<Sessions.Config> options,
            @Nullable RecordingStore shared,
            String mountedAt,
            @Nullable SSLContext tls)
            throws IOException {
        this.store = shared == null ? new RecordingStore(clock) : shared;
        Consumer<ExpressOptions> common =
                e -> e.existingWeakSecret("keyboard cat").noUserAttribute().clock(clock);
        store.beforeWriting(this::checkWhetherAnythingWasSent);
        this.sessions = Sessions.create(Express.compatible(store, common.andThen(express))
                .andThen(c -> c.listener(new SessionListener() {
                    @Override
                    public void onStoreUnavailable(RuntimeException failure) {
                        storeFailures.release();
                    }

                    @Override
                    public void onUnreadable(UnreadableData problem) {
                        unreadableRecords.release();
                    }
                }))
                .andThen(options));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (tls == null) {
            server = HttpServer.create(address, 0);
            sockets = SocketFactory.getDefault();
        } else {
            HttpsServer secure = HttpsServer.create(address, 0);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls));
            server = secure;
            sockets = tls.getSocketFactory();
        }
        server.setExecutor(threads);
        context = server.createContext(mountedAt, this::handle);
        context.getFilters().add(new CompletionFilter());
        context.getFilters().add(new SojournFilter(sessions));
        server.start();
    }

    /** Returns a site that serves https. */
    static Site overTls(Consumer<ExpressOptions> express, Consumer<Sessions.Config> options) throws IOException {
        return new Site(express, options, null, "/", Tls.context());
    }

    /** Serves a path without the session filter. */
    Site handleWithoutSessions(String path, HttpHandler handler) {
        server.createContext(path, handler).getFilters().add(new CompletionFilter());
        return this;
    }

    /** Adds another filter, in front of the session filter (0) or behind it (1). */
    Site filter(int index, Filter filter) {
        context.getFilters().add(1 + index, filter);
        return this;
    }

    /** Returns a number in a session, or 0 if there is none. */
    static int number(Session session, String name) {
        Integer number = session.get(name, Integer.class);
        return number == null ? 0 : number;
    }

    /** Increments a number in a session, and returns it. */
    static int increment(Session session, String name) {
        return Objects.requireNonNull(session.update(name, Integer.class, n -> n == null ? 1 : n + 1));
    }

    private void handle(HttpExchange exchange) throws IOException {
        Handler handler = Objects.requireNonNull(
                handlers.get(exchange.getRequestHeaders().getFirst("X-Handler")), "each request names its handler");
        String body;
        try {
            body = handler.response(Sojourn.session(exchange), exchange);
        } catch (RuntimeException | IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        if (body != null) {
            send(exchange, 200, body);
        }
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }
        exchange.close();
    }

    /** Sends a body in parts, the head with the first of them. */
    static void stream(HttpExchange exchange, String... parts) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (String part : parts) {
                out.write(part.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        }
        exchange.close();
    }

    Response get(Handler handler) throws IOException {
        return request("GET", "/", "", handler);
    }

    Response get(Page page) throws IOException {
        return get((session, exchange) -> page.response(session));
    }

    /** Sends a request with a cookie. */
    Response get(String cookie, Handler handler) throws IOException {
        return request("GET", "/", cookie, handler);
    }

    Response get(String cookie, Page page) throws IOException {
        return get(cookie, (session, exchange) -> page.response(session));
    }

    Response request(String method, String path, String cookie, Handler handler, String... headers) throws IOException {
        clock.advance(Duration.ofMillis(5));
        String number = Integer.toString(numbers.incrementAndGet());
        handlers.put(number, handler);
        CountDownLatch served = new CountDownLatch(1);
        inProgress.put(number, served);
        StringBuilder request = new StringBuilder(
                method + ' ' + path + " HTTP/1.1\r\nConnection: close\r\nX-Handler: " + number + "\r\n");
        boolean host = false;
        for (String line : headers) {
            request.append(line).append("\r\n");
            host |= line.startsWith("Host:");
        }
        if (!host) {
            request.append("Host: example.com\r\n");
        }
        if (!cookie.isEmpty()) {
            request.append("Cookie: ").append(cookie).append("\r\n");
        }
        store.calls();
        sentBeforeSave = false;
        Socket outer = client;
        try (Socket socket = sockets.createSocket(
                InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            client = socket;
            Http.Message message = Http.send(socket, request + "\r\n", served);
            return new Response(
                    message.status(),
                    message.headers(),
                    message.body(),
                    store.calls(),
                    sentBeforeSave,
                    clock.instant());
        } finally {
            client = outer;
        }
    }

    /**
     * Notes whether a part of the response was sent before its save: it has then reached the client when the store is called.
     * The client reads nothing before the request is served.
     */
    private void checkWhetherAnythingWasSent() {
        try {
            Socket socket = client;
            sentBeforeSave |= socket != null && socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Signals when the server has finished a request. */
    private final class CompletionFilter extends Filter {
        @Override
        public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
            try {
                chain.doFilter(exchange);
            } finally {
                String number = exchange.getRequestHeaders().getFirst("X-Handler");
                Objects.requireNonNull(inProgress.get(number)).countDown();
            }
        }

        @Override
        public String description() {
            return "completion";
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
