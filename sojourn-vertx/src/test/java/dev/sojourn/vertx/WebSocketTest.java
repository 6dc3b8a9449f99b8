package dev.sojourn.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sojourn.DetachedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionWatch;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.FaultyStore.Hold;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Checks sessions of WebSockets: found in the handshake, used afterwards, and watched for their end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebSocketTest {
    private final TestServer site = new TestServer();
    private final Vertx clients = Vertx.vertx();
    /** A strong reference, because an unreferenced client is closed. */
    private final WebSocketClient client = clients.createWebSocketClient();

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final SessionWatch watch = SessionWatch.every(Duration.ofMillis(100), executor);
    /** A new queue for each test, because the end of a socket of an earlier test may be reported late. */
    private BlockingQueue<Object> steps = new LinkedBlockingQueue<>();

    @BeforeEach
    void reset() {
        site.reset();
        steps = new LinkedBlockingQueue<>();
    }

    @AfterEach
    void throwProblem() {
        site.throwProblem();
    }

    @AfterAll
    void stop() {
        watch.close();
        executor.shutdownNow();
        Futures.await(clients.close());
        site.close();
    }

    private Future<WebSocket> connect(String cookie) {
        BlockingQueue<Object> currentSteps = steps;
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(site.port())
                .setURI("/socket")
                .addHeader("Cookie", cookie);
        return client.connect(options).onSuccess(socket -> {
            socket.textMessageHandler(currentSteps::add);
            socket.closeHandler(closed -> currentSteps.add(socket.closeStatusCode() + " " + socket.closeReason()));
        });
    }

    private void serveSocket(Handler<RoutingContext> handler) {
        site.router.get("/socket").handler(handler);
    }

    private Object awaitStep() throws InterruptedException {
        Object next = steps.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("no step within 20 seconds").isNotNull();
        return next;
    }

    /** The handler of README.md. */
    private void chat(RoutingContext ctx) {
        ReadmeTest.chat(site.vertx, watch, ctx);
    }

    @Test
    void a_socket_reads_and_touches_the_session_of_its_handshake() throws Exception {
        serveSocket(this::chat);
        String cookie = site.newSession();
        WebSocket socket = Futures.await(connect(cookie));
        site.store.reset();

        socket.writeTextMessage("hello");

        assertThat(awaitStep()).isEqualTo("John says hello");
        assertThat(site.store.calls()).contains(Call.LOAD, Call.TOUCH);
        Futures.await(socket.close());
    }

    @Test
    void the_end_of_a_session_closes_its_sockets() throws Exception {
        serveSocket(this::chat);
        site.router.get("/logout").handler(TestServer.withSession((ctx, session) -> {
            session.destroy();
            ctx.end();
        }));
        String cookie = site.newSession();
        String other = site.newSession();
        Futures.await(connect(cookie));
        Futures.await(connect(cookie));
        WebSocket stays = Futures.await(connect(other));

        site.get("/logout", cookie);

        assertThat(awaitStep()).isEqualTo("1008 signed out");
        assertThat(awaitStep()).isEqualTo("1008 signed out");
        stays.writeTextMessage("hello");
        assertThat(awaitStep()).isEqualTo("John says hello");
        Futures.await(stays.close());
    }

    @Test
    void a_new_id_of_a_session_closes_its_sockets() throws Exception {
        serveSocket(this::chat);
        site.router.get("/login").handler(TestServer.withSession((ctx, session) -> {
            session.login("alice");
            ctx.end();
        }));
        String cookie = site.newSession();
        Futures.await(connect(cookie));

        site.get("/login", cookie);

        assertThat(awaitStep()).isEqualTo("1008 signed out");
    }

    @Test
    void the_handshake_rejects_a_client_without_a_session() {
        serveSocket(this::chat);
        site.router
                .route("/socket")
                .failureHandler(ctx -> ctx.response().setStatusCode(401).end());

        assertThat(Futures.await(connect("unrelated=1").map(0).recover(WebSocketTest::status)))
                .isEqualTo(401);
    }

    private static Future<Integer> status(Throwable problem) {
        return problem instanceof UpgradeRejectedException rejected
                ? Future.succeededFuture(rejected.getStatus())
                : Future.failedFuture(problem);
    }

    @Test
    void the_event_loop_of_a_socket_does_not_wait_for_its_session() throws Exception {
        serveSocket(ctx -> Sojourn.session(ctx)
                .map(Session::toDetached)
                .compose(session -> ctx.request()
                        .toWebSocket()
                        .onSuccess(socket -> socket.textMessageHandler(text -> {
                            assertThatIllegalStateException()
                                    .isThrownBy(session::touch)
                                    .withMessageContaining("executeBlocking");
                            socket.writeTextMessage("refused");
                        })))
                .onFailure(ctx::fail));
        WebSocket socket = Futures.await(connect(site.newSession()));

        socket.writeTextMessage("hello");

        assertThat(awaitStep()).isEqualTo("refused");
        Futures.await(socket.close());
    }

    @Test
    void a_handshake_waits_for_its_save_and_has_the_cookie() throws Exception {
        serveSocket(TestServer.withSession((ctx, session) -> {
            session.login("alice");
            ctx.request().toWebSocket().onSuccess(socket -> socket.writeTextMessage("welcome"));
        }));
        Hold create = site.store.holdNext(Call.CREATE);
        Future<WebSocket> connecting = connect("unrelated=1");
        create.awaitCall();
        assertThat(site.get("/ping").body()).isEqualTo("pong");
        assertThat(connecting.isComplete()).isFalse();
        create.release();
        WebSocket socket = Futures.await(connecting);

        assertThat(awaitStep()).isEqualTo("welcome");
        assertThat(socket.headers().getAll("Set-Cookie")).hasSize(1);
        assertThat(socket.headers().get("Cache-Control")).isEqualTo("no-store");
        Futures.await(socket.close());
    }

    @Test
    void a_handshake_whose_save_fails_is_rejected_with_503() throws Exception {
        serveSocket(TestServer.withSession((ctx, session) -> {
            session.login("alice");
            ctx.request().toWebSocket().onFailure(steps::add);
        }));
        site.store.failNext(Call.CREATE, Fault.NOT_DONE);

        assertThat(Futures.await(connect("unrelated=1").map(0).recover(WebSocketTest::status)))
                .isEqualTo(503);
        assertThat(awaitStep()).isInstanceOf(SessionUnavailableException.class);
    }

    @Test
    void a_request_that_is_not_a_handshake_is_rejected() {
        serveSocket(TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            ctx.request()
                    .toWebSocket()
                    .onFailure(problem -> steps.add(ctx.response().ended()));
        }));

        assertThat(site.get("/socket").statusCode()).isEqualTo(400);
        assertThat(site.get("/ping").body()).isEqualTo("pong");
    }

    @Test
    void a_socket_without_a_session_costs_nothing() throws Exception {
        serveSocket(ctx -> ctx.request().toWebSocket().onSuccess(socket -> socket.writeTextMessage("welcome")));
        String cookie = site.newSession();
        site.store.reset();

        WebSocket socket = Futures.await(connect(cookie));

        assertThat(awaitStep()).isEqualTo("welcome");
        assertThat(site.store.calls()).isEmpty();
        Futures.await(socket.close());
    }

    @Test
    void a_socket_does_not_retain_its_request() throws Exception {
        serveSocket(ctx -> Sojourn.session(ctx)
                .compose(session -> {
                    steps.add(session);
                    DetachedSession detached = session.toDetached();
                    return ctx.request()
                            .toWebSocket()
                            .onSuccess(socket -> socket.writeTextMessage(detached.publicId()));
                })
                .onFailure(ctx::fail));
        WebSocket socket = Futures.await(connect(site.newSession()));
        Session session = (Session) awaitStep();
        assertThat(awaitStep()).isInstanceOf(String.class);

        assertThat(EventLoopTest.isSoonRejected(session))
                .as("the session's request ends with the handshake")
                .isTrue();
        Futures.await(socket.close());
    }
}
