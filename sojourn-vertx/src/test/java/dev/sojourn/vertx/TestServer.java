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
 * A server with one event loop, which must never wait: Vert.x's blocked-thread checker is on, and the store reports each call
 * on an event loop.
 */
final class TestServer implements AutoCloseable {
    static final String SECRET = "ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN";

    /** Longer than any pause of a busy machine, but shorter than the time that {@code FaultyStore} waits for a release. */
    static final Duration BLOCKED = Duration.ofSeconds(3);

    private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
    final ThreadRecordingStore calls = new ThreadRecordingStore(problems);
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

    TestServer() {
        ((VertxInternal) vertx).blockedThreadChecker().setThreadBlockedHandler(event -> {
            AssertionError blocked = new AssertionError(event.thread().getName() + " is blocked for "
                    + TimeUnit.NANOSECONDS.toMillis(event.duration()) + " ms");
            blocked.setStackTrace(event.thread().getStackTrace());
            problems.add(blocked);
        });
        routerPort = listen(SojournHandler.create(sessions, request -> router.handle(request)));
    }

    /** Removes the routes and faults of the previous test. */
    void reset() {
        store.reset();
        calls.threads().clear();
        router = Router.router(vertx);
        router.get("/ping").handler(ctx -> ctx.end("pong"));
        router.get("/names").handler(withSession((ctx, session) -> ctx.end(String.valueOf(session.names()))));
        router.get("/new").handler(withSession((ctx, session) -> {
            session.set("name", "John");
            ctx.end();
        }));
        port = routerPort;
    }

    /** Serves another handler than the router from now on. */
    void serve(Handler<HttpServerRequest> handler) {
        port = listen(handler);
    }

    private int listen(Handler<HttpServerRequest> handler) {
        return Futures.await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"))
                .actualPort();
    }

    /** Throws an error if an event loop has waited. */
    void throwProblem() {
        for (Throwable problem : problems) {
            throw new AssertionError("an event loop has waited", problem);
        }
    }

    /** Returns a handler as applications write them: on the event loop, with the loaded session. */
    static Handler<RoutingContext> withSession(BiConsumer<RoutingContext, Session> handler) {
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
        return sendAsync(request).join();
    }

    CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    /** Sends a request on a plain socket, which shows details that an HTTP client hides. Reads time out after 20 seconds. */
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

    /** Creates a session with a name and returns its cookie. */
    String newSession() {
        return cookie(get("/new"));
    }

    /** Returns the names of the session's attributes, as the client's next request sees them. */
    String names(String cookie) {
        return get("/names", cookie).body();
    }

    static String cookie(HttpResponse<?> response) {
        List<String> sessionCookies = response.headers().allValues("Set-Cookie").stream()
                .filter(line -> line.startsWith("__Host-id="))
                .toList();
        assertThat(sessionCookies).hasSize(1);
        return sessionCookies.get(0).split(";", 2)[0];
    }

    @Override
    public void close() {
        Futures.await(vertx.close());
    }
}
