package dev.sojourn.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * A server of one event loop, which must never wait: Vert.x's own checker is on, and the store reports each call that an
 * event loop makes.
 */
final class Site implements AutoCloseable {
    static final String SECRET = "ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN";

    /** More than a loaded machine needs to go on, less than what {@code FaultyStore} waits for its release. */
    static final Duration BLOCKED = Duration.ofSeconds(3);

    private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
    final OffLoopStore calls = new OffLoopStore(problems);
    final FaultyStore store = new FaultyStore(calls);
    final Sessions sessions = Sessions.create(c -> c.secret(SECRET).store(store));
    final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setBlockedThreadCheckInterval(50)
            .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
            .setMaxEventLoopExecuteTime(BLOCKED.toMillis())
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS));
    volatile Router router = Router.router(vertx);
    private final HttpClient client = HttpClient.newHttpClient();
    private final int routerPort;
    private int port;

    Site() {
        ((VertxInternal) vertx).blockedThreadChecker().setThreadBlockedHandler(event -> {
            AssertionError blocked = new AssertionError(event.thread().getName() + " is blocked for "
                    + TimeUnit.NANOSECONDS.toMillis(event.duration()) + " ms");
            blocked.setStackTrace(event.thread().getStackTrace());
            problems.add(blocked);
        });
        routerPort = listen(SojournHandler.create(sessions, request -> router.handle(request)));
    }

    /** The same server for another test: without the routes and faults of the one before. */
    void beginAnew() {
        store.reset();
        calls.threads().clear();
        router = Router.router(vertx);
        router.get("/ping").handler(ctx -> ctx.end("pong"));
        router.get("/names").handler(with((ctx, session) -> ctx.end(String.valueOf(session.names()))));
        router.get("/new").handler(with((ctx, session) -> {
            session.set("name", "John");
            ctx.end();
        }));
        port = routerPort;
    }

    /** Serves another handler than the router from here on. */
    void serve(Handler<HttpServerRequest> handler) {
        port = listen(handler);
    }

    private int listen(Handler<HttpServerRequest> handler) {
        return Futures.await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"))
                .actualPort();
    }

    /** Fails if an event loop has waited. */
    void check() {
        for (Throwable problem : problems) {
            throw new AssertionError("an event loop has waited", problem);
        }
    }

    /** A handler as applications write them: on the event loop, with the loaded session. */
    static Handler<RoutingContext> with(BiConsumer<RoutingContext, Session> handler) {
        return ctx -> Sojourn.session(ctx)
                .onSuccess(session -> {
                    try {
                        handler.accept(ctx, session);
                    } catch (RuntimeException | Error e) {
                        ctx.fail(e);
                    }
                })
                .onFailure(ctx::fail);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> get(String path) {
        return get(path, "unrelated=1");
    }

    HttpResponse<String> get(String path, String cookie) {
        return send(request(path).header("Cookie", cookie).build());
    }

    HttpResponse<String> send(HttpRequest request) {
        return begin(request).join();
    }

    CompletableFuture<HttpResponse<String>> begin(HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    /** A plain socket, for what an HTTP client hides. It waits 20 seconds for anything. */
    Socket connect(String path) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    int port() {
        return port;
    }

    /** A session in which a name is set; gives its cookie. */
    String newSession() {
        return cookie(get("/new"));
    }

    /** What the session's attributes are called, as the client's next request sees it. */
    String names(String cookie) {
        return get("/names", cookie).body();
    }

    static String cookie(HttpResponse<?> response) {
        List<String> ours = response.headers().allValues("Set-Cookie").stream()
                .filter(line -> line.startsWith("__Host-id="))
                .toList();
        assertThat(ours).hasSize(1);
        return ours.get(0).split(";", 2)[0];
    }

    @Override
    public void close() {
        Futures.await(vertx.close());
    }
}
