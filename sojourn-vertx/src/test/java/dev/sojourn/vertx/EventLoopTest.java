package dev.sojourn.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sojourn.DetachedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionSupersededException;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.FaultyStore.Hold;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Checks handlers on an event loop: how they get and use their session, and that the loop never waits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventLoopTest {
    private final TestServer site = new TestServer();
    private final BlockingQueue<Object> steps = new LinkedBlockingQueue<>();

    @BeforeEach
    void reset() {
        site.reset();
        steps.clear();
    }

    @AfterEach
    void throwProblem() {
        site.throwProblem();
    }

    @AfterAll
    void stop() {
        site.close();
    }

    private Object awaitStep() throws InterruptedException {
        Object next = steps.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("no step within 20 seconds").isNotNull();
        return next;
    }

    // ---- getting the session

    @Test
    void the_event_loop_keeps_running_while_a_session_is_loaded_and_saved() throws Exception {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            session.set("name", "Jane");
            ctx.end("hello");
        }));
        String cookie = site.newSession();
        Hold load = site.store.holdNext(Call.LOAD);
        Hold save = site.store.holdNext(Call.COMPARE_AND_SET);
        CompletableFuture<HttpResponse<String>> received =
                site.sendAsync(site.request("/").header("Cookie", cookie).build());

        load.awaitCall();
        assertThat(site.get("/ping").body()).isEqualTo("pong");
        load.release();
        save.awaitCall();
        long until = System.nanoTime() + TestServer.BLOCKED.plusSeconds(1).toNanos();
        while (System.nanoTime() < until) {
            assertThat(site.get("/ping").body()).isEqualTo("pong");
            assertThat(received).isNotDone();
        }
        save.release();

        assertThat(received.get(20, TimeUnit.SECONDS).body()).isEqualTo("hello");
    }

    @Test
    void a_request_that_does_not_use_its_session_makes_no_store_call_and_needs_no_worker() {
        site.router.get("/").handler(ctx -> {
            ctx.end("hello");
            steps.add(ctx.response().ended());
        });
        String cookie = site.newSession();
        site.store.reset();

        HttpResponse<String> received = site.get("/", cookie);

        assertThat(received.body()).isEqualTo("hello");
        assertThat(received.headers().map()).doesNotContainKeys("vary", "set-cookie", "cache-control");
        assertThat(site.store.calls()).isEmpty();
    }

    @Test
    void a_request_without_a_valid_token_has_its_session_immediately() throws Exception {
        site.router.get("/").handler(ctx -> {
            Future<Session> session = Sojourn.session(ctx);
            steps.add(session.isComplete());
            ctx.end(String.valueOf(session.result().get("name", String.class)));
        });

        assertThat(site.get("/").body()).isEqualTo("null");
        assertThat(awaitStep()).isEqualTo(true);
        assertThat(site.get("/", "__Host-id=forged").body()).isEqualTo("null");
        assertThat(awaitStep()).isEqualTo(true);
        assertThat(site.store.calls()).isEmpty();
    }

    @Test
    void a_session_is_loaded_once_and_is_the_same_in_every_handler_of_a_request() throws Exception {
        site.router.route("/").handler(TestServer.withSession((ctx, session) -> {
            steps.add(session);
            ctx.next();
        }));
        site.router.route("/").handler(ctx -> {
            steps.add(Sojourn.session(ctx).isComplete());
            steps.add(Sojourn.session(ctx.request()).result());
            ctx.reroute("/elsewhere");
        });
        site.router.get("/elsewhere").handler(TestServer.withSession((ctx, session) -> {
            steps.add(session);
            ctx.end(session.get("name", String.class));
        }));
        String cookie = site.newSession();
        site.store.reset();

        assertThat(site.get("/", cookie).body()).isEqualTo("John");

        Object session = awaitStep();
        assertThat(awaitStep()).isEqualTo(true);
        assertThat(awaitStep()).isSameAs(session);
        assertThat(awaitStep()).isSameAs(session);
        assertThat(site.store.calls()).containsExactly(Call.LOAD);
    }

    @Test
    void a_body_that_arrives_while_the_session_loads_is_not_lost() throws Exception {
        site.router.post().handler(TestServer.withSession((ctx, session) -> ctx.next()));
        site.router.post().handler(BodyHandler.create());
        site.router.post().handler(ctx -> ctx.end(ctx.body().asString()));
        String cookie = site.newSession();
        Hold load = site.store.holdNext(Call.LOAD);
        CompletableFuture<HttpResponse<String>> received = site.sendAsync(site.request("/")
                .header("Cookie", cookie)
                .POST(BodyPublishers.ofString("x".repeat(200_000)))
                .build());
        load.awaitCall();
        assertThat(site.get("/ping").body()).isEqualTo("pong");
        load.release();

        assertThat(received.get(20, TimeUnit.SECONDS).body()).hasSize(200_000);
    }

    @Test
    void a_body_that_the_handler_has_paused_stays_paused() throws Exception {
        site.router.post().handler(ctx -> {
            ctx.request().pause();
            Sojourn.session(ctx)
                    .onSuccess(session -> ctx.vertx().setTimer(50, later -> {
                        ctx.request().body().onSuccess(ctx::end).onFailure(ctx::fail);
                        ctx.request().resume();
                    }));
        });
        String cookie = site.newSession();

        assertThat(site.send(site.request("/")
                                .header("Cookie", cookie)
                                .POST(BodyPublishers.ofString("hello"))
                                .build())
                        .body())
                .isEqualTo("hello");
    }

    @Test
    void an_unavailable_store_fails_the_future_and_causes_a_503() {
        site.router
                .get("/")
                .handler(ctx -> Sojourn.session(ctx)
                        .onSuccess(session -> ctx.end("hello"))
                        .onFailure(problem -> {
                            steps.add(problem);
                            ctx.fail(problem);
                        }));
        String cookie = site.newSession();
        site.store.failAll();

        HttpResponse<String> received = site.get("/", cookie);

        assertThat(received.statusCode()).isEqualTo(503);
        assertThat(received.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(received.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(steps.remove()).isInstanceOf(SessionUnavailableException.class);
    }

    @Test
    void the_message_without_a_handler_shows_how_to_add_it() throws Exception {
        site.router.get("/").handler(ctx -> {
            try {
                steps.add(Sojourn.session(ctx));
            } catch (IllegalStateException e) {
                ctx.end(e.getMessage());
            }
        });
        site.serve(site.router);

        assertThat(site.get("/").body()).contains("server.requestHandler(SojournHandler.create(sessions, router))");
    }

    // ---- calls that block

    @Test
    void calls_that_access_the_store_immediately_throw_on_the_event_loop() throws Exception {
        List<Consumer<Session>> calls = List.of(
                session -> session.update("n", Integer.class, n -> 1),
                Session::save,
                Session::reload,
                Session::exclusive);
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            for (Consumer<Session> call : calls) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> call.accept(session))
                        .withMessageContaining("executeBlocking")
                        .withMessageContaining("virtual-thread verticle");
            }
            DetachedSession detached = session.toDetached();
            assertThatIllegalStateException().isThrownBy(detached::isAlive).withMessageContaining("executeBlocking");
            assertThatIllegalStateException().isThrownBy(detached::touch).withMessageContaining("executeBlocking");
            session.set("after", 1);
            ctx.end("refused");
        }));
        String cookie = site.newSession();

        assertThat(site.get("/", cookie).body()).isEqualTo("refused");
        assertThat(site.names(cookie)).isEqualTo("[name, after]");
    }

    @Test
    void the_same_calls_work_within_execute_blocking_and_the_handler_sees_their_changes() {
        site.router
                .get("/")
                .handler(ctx -> Sojourn.session(ctx)
                        .compose(session -> ctx.vertx().executeBlocking(() -> {
                            session.exclusive();
                            session.update("n", Integer.class, n -> n == null ? 1 : n + 1);
                            session.save();
                            session.reload();
                            return session;
                        }))
                        .onSuccess(session -> ctx.end(String.valueOf(session.get("n", Integer.class))))
                        .onFailure(ctx::fail));
        String cookie = site.newSession();

        assertThat(site.get("/", cookie).body()).isEqualTo("1");
        assertThat(site.get("/", cookie).body()).isEqualTo("2");
        assertThat(site.get("/").body()).isEqualTo("1");
    }

    @Test
    void a_session_that_was_loaded_on_the_event_loop_serves_a_blocking_handler() {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> ctx.next()));
        site.router
                .get("/")
                .blockingHandler(ctx -> ctx.end(String.valueOf(
                        Sojourn.session(ctx).result().update("n", Integer.class, n -> n == null ? 1 : n + 1))));
        String cookie = site.newSession();

        assertThat(site.get("/", cookie).body()).isEqualTo("1");
        assertThat(site.get("/", cookie).body()).isEqualTo("2");
    }

    @Test
    void a_thread_unknown_to_vertx_can_respond_and_does_not_wait() throws Exception {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            Thread thread = new Thread(
                    () -> {
                        session.set("where", Thread.currentThread().getName());
                        steps.add(ctx.end("hello"));
                    },
                    "foreign-thread");
            thread.start();
        }));

        HttpResponse<String> received = site.get("/");

        assertThat(received.body()).isEqualTo("hello");
        assertThat(site.names(TestServer.cookie(received))).isEqualTo("[name, where]");
        assertThat(site.calls.threads()).isNotEmpty().doesNotContain("foreign-thread");
    }

    // ---- during and after a save

    @Test
    void a_session_is_rejected_while_it_is_being_saved_and_works_when_the_write_has_completed() throws Exception {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            session.set("early", 1);
            Future<Void> written = ctx.response().setChunked(true).write("hello");
            assertThatIllegalStateException()
                    .isThrownBy(() -> session.set("late", 1))
                    .withMessageContaining("first write");
            written.onSuccess(done -> {
                session.set("late", 1);
                ctx.end(" world");
            });
        }));

        HttpResponse<String> received = site.get("/");

        assertThat(received.body()).isEqualTo("hello world");
        assertThat(site.names(TestServer.cookie(received))).isEqualTo("[early, late]");
    }

    @Test
    void a_change_after_the_head_is_visible_in_the_next_request_of_the_client() {
        site.router
                .get("/")
                .handler(TestServer.withSession((ctx, session) -> ctx.response()
                        .setChunked(true)
                        .write("hello")
                        .onSuccess(done -> {
                            session.set("late" + ctx.request().getParam("n"), 1);
                            ctx.end();
                        })));
        String cookie = site.newSession();

        for (int i = 0; i < 20; i++) {
            assertThat(site.get("/?n=" + i, cookie).body()).isEqualTo("hello");
            assertThat(site.names(cookie)).endsWith("late" + i + "]");
        }
    }

    @Test
    void a_first_use_after_the_head_loads_the_session_and_cannot_create_one() {
        site.router
                .get("/")
                .handler(ctx -> ctx.response()
                        .setChunked(true)
                        .write("hello")
                        .compose(done -> Sojourn.session(ctx))
                        .onSuccess(session -> {
                            try {
                                session.set("late", 1);
                                ctx.end();
                            } catch (IllegalStateException e) {
                                ctx.end(e.getMessage());
                            }
                        })
                        .onFailure(ctx::fail));
        String cookie = site.newSession();

        assertThat(site.get("/", cookie).body()).isEqualTo("hello");
        assertThat(site.names(cookie)).isEqualTo("[name, late]");
        assertThat(site.get("/").body()).contains("the response's head has left");
    }

    @Test
    void a_session_cannot_be_used_after_its_request() throws Exception {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            ctx.addEndHandler(done -> steps.add("ended"));
            ctx.end("hello");
            steps.add(session);
        }));
        String cookie = site.newSession();
        site.get("/", cookie);

        Session retained = (Session) awaitStep();
        assertThat(awaitStep()).isEqualTo("ended");
        assertThat(isSoonRejected(retained)).isTrue();
    }

    @Test
    void a_disconnected_client_ends_its_request() throws Exception {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            ctx.addEndHandler(done -> steps.add(done.succeeded()));
            ctx.response().closeHandler(closed -> steps.add("closed"));
            steps.add(session);
        }));
        Socket socket = site.connect("/");
        Session retained = (Session) awaitStep();
        socket.close();

        assertThat(awaitStep()).isIn("closed", false);
        assertThat(isSoonRejected(retained)).isTrue();
        assertThat(site.store.calls()).isEmpty();
    }

    /** Returns whether a retained session rejects calls within 20 seconds. */
    static boolean isSoonRejected(Session retained) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < giveUp) {
            try {
                retained.names();
            } catch (IllegalStateException e) {
                if (String.valueOf(e.getMessage()).contains("request has ended")) {
                    return true;
                }
            }
            Thread.onSpinWait();
        }
        return false;
    }

    // ---- writes during a save

    @Test
    void writes_during_the_save_keep_their_order() {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            HttpServerResponse response = ctx.response().setChunked(true);
            response.write("a");
            response.write(Buffer.buffer("b"));
            response.write("c", "UTF-8");
            response.end("d");
        }));

        HttpResponse<String> received = site.get("/");

        assertThat(received.body()).isEqualTo("abcd");
        assertThat(site.names(TestServer.cookie(received))).isEqualTo("[name]");
    }

    @Test
    void the_write_queue_is_full_during_the_save_and_drained_afterwards() throws Exception {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            HttpServerResponse response = ctx.response().setChunked(true);
            steps.add(response.writeQueueFull());
            response.write("hello");
            steps.add(response.writeQueueFull());
            response.drainHandler(drained -> {
                steps.add(response.writeQueueFull());
                response.end(" world");
            });
        }));
        Hold create = site.store.holdNext(Call.CREATE);
        CompletableFuture<HttpResponse<String>> received =
                site.sendAsync(site.request("/").build());
        create.awaitCall();

        assertThat(awaitStep()).isEqualTo(false);
        assertThat(awaitStep()).isEqualTo(true);
        assertThat(steps).isEmpty();
        create.release();

        assertThat(received.get(20, TimeUnit.SECONDS).body()).isEqualTo("hello world");
        assertThat(awaitStep()).isEqualTo(false);
    }

    @Test
    void a_response_that_waits_for_its_save_reports_that_it_was_sent() throws Exception {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            HttpServerResponse response = ctx.response();
            steps.add(List.of(response.headWritten(), response.ended()));
            response.end("hello");
            steps.add(List.of(response.headWritten(), response.ended(), response.closed()));
            assertThatIllegalStateException().isThrownBy(() -> response.setStatusCode(404));
            assertThatIllegalStateException().isThrownBy(() -> response.putHeader("X", "y"));
            assertThatIllegalStateException().isThrownBy(() -> response.setChunked(true));
            assertThatIllegalStateException().isThrownBy(() -> response.end("again"));
            assertThatIllegalStateException().isThrownBy(() -> response.write("more"));
            steps.add("unchanged");
        }));

        assertThat(site.get("/").body()).isEqualTo("hello");
        assertThat(awaitStep()).isEqualTo(List.of(false, false));
        assertThat(awaitStep()).isEqualTo(List.of(true, true, false));
        assertThat(awaitStep()).isEqualTo("unchanged");
    }

    @Test
    void the_futures_of_a_replaced_response_fail_and_its_handler_can_continue() throws Exception {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            HttpServerResponse response = ctx.response().setChunked(true);
            response.putHeader("ETag", "v1");
            Future<Void> first = response.write("your ");
            Future<Void> second = response.write("order");
            first.onFailure(problem -> {
                second.onFailure(steps::add);
                steps.add(List.of(response.headWritten(), response.ended(), response.writeQueueFull()));
                response.setStatusCode(200).putHeader("X", "y").drainHandler(drained -> {});
                response.write("is").onFailure(steps::add);
                response.end("placed").onFailure(steps::add);
                response.reset().onFailure(steps::add);
            });
        }));
        site.store.failNext(Call.CREATE, Fault.NOT_DONE);

        HttpResponse<String> received = site.get("/");

        assertThat(received.statusCode()).isEqualTo(503);
        assertThat(received.body()).doesNotContain("order").contains("Nothing was saved");
        assertThat(received.headers().map()).doesNotContainKeys("etag", "x", "set-cookie");
        Object second = awaitStep();
        Object state = second instanceof List ? second : awaitStep();
        assertThat(state).isEqualTo(List.of(true, true, false));
        for (int i = 0; i < 3; i++) {
            assertThat(awaitStep()).isInstanceOf(SessionUnavailableException.class);
        }
    }

    @Test
    void concurrent_requests_of_many_clients_lose_no_save() throws Exception {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            session.set("n" + ctx.request().getParam("n"), 1);
            ctx.end("ok");
        }));
        String cookie = site.newSession();
        Queue<CompletableFuture<HttpResponse<String>>> answers = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 200; i++) {
            answers.add(site.sendAsync(
                    site.request("/?n=" + i).header("Cookie", cookie).build()));
        }
        for (CompletableFuture<HttpResponse<String>> received : answers) {
            assertThat(received.get(60, TimeUnit.SECONDS).body()).isEqualTo("ok");
        }
        assertThat(site.names(cookie).split(",", -1)).hasSize(201);
    }

    // ---- failures

    private void setAndThrow(RoutingContext ctx, Session session) {
        session.set("tries", 1);
        throw new IllegalArgumentException("a secret of the server");
    }

    @Test
    void a_failure_gets_the_default_response_of_vertx_and_changes_are_saved() {
        site.router.get("/").handler(TestServer.withSession(this::setAndThrow));

        HttpResponse<String> received = site.get("/");

        assertThat(received.statusCode()).isEqualTo(500);
        assertThat(received.body()).isEqualTo("Internal Server Error");
        assertThat(site.names(TestServer.cookie(received))).isEqualTo("[tries]");
    }

    @Test
    void failure_handlers_of_the_application_can_respond() {
        site.router
                .route("/a")
                .handler(TestServer.withSession(this::setAndThrow))
                .failureHandler(ctx -> ctx.response().setStatusCode(418).end("route handler"));
        site.router.route("/b").handler(TestServer.withSession(this::setAndThrow));
        site.router.errorHandler(500, ctx -> ctx.response().setStatusCode(500).end("router handler"));

        HttpResponse<String> routes = site.get("/a");
        HttpResponse<String> routers = site.get("/b");

        assertThat(routes.statusCode()).isEqualTo(418);
        assertThat(routes.body()).isEqualTo("route handler");
        assertThat(site.names(TestServer.cookie(routes))).isEqualTo("[tries]");
        assertThat(routers.statusCode()).isEqualTo(500);
        assertThat(routers.body()).isEqualTo("router handler");
        assertThat(site.names(TestServer.cookie(routers))).isEqualTo("[tries]");
    }

    @Test
    void a_session_exception_is_passed_to_the_failure_handler_of_the_application() {
        site.router
                .get("/a")
                .handler(TestServer.withSession((ctx, session) -> {
                    throw new IllegalStateException(new SessionSupersededException());
                }))
                .failureHandler(ctx -> ctx.response().setStatusCode(400).end("mine"));
        site.router.get("/b").handler(TestServer.withSession((ctx, session) -> {
            throw new IllegalStateException(new SessionSupersededException());
        }));

        assertThat(site.get("/a").statusCode()).isEqualTo(400);
        assertThat(site.get("/a").body()).isEqualTo("mine");
        assertThat(site.get("/b").statusCode()).isEqualTo(409);
        site.router.errorHandler(500, ctx -> ctx.end("router handler"));
        assertThat(site.get("/b").body()).isEqualTo("router handler");
    }

    @Test
    void a_failure_after_the_head_aborts_the_response_and_changes_are_saved() throws Exception {
        site.router.get("/now").handler(TestServer.withSession((ctx, session) -> {
            session.set("now", 1);
            ctx.response().setChunked(true).write("half an ans");
            throw new IllegalArgumentException("a test failure");
        }));
        site.router.get("/later").handler(TestServer.withSession((ctx, session) -> {
            session.set("later", 1);
            ctx.response()
                    .setChunked(true)
                    .write("half an ans")
                    .onSuccess(done -> ctx.vertx()
                            .runOnContext(later -> ctx.fail(new IllegalArgumentException("a test failure"))));
        }));
        String cookie = site.newSession();

        for (String path : List.of("/now", "/later")) {
            assertThatExceptionOfType(CompletionException.class)
                    .as("an incomplete response must not look complete")
                    .isThrownBy(() -> site.get(path, cookie));
        }
        assertThat(site.names(cookie)).isEqualTo("[name, now, later]");
    }

    @Test
    void a_handler_without_a_router_has_sessions_and_its_exceptions_get_a_response() {
        site.serve(SojournHandler.create(
                site.sessions,
                request -> Sojourn.session(request).onSuccess(session -> {
                    String path = String.valueOf(request.path());
                    session.set("path", path);
                    if (path.equals("/thrown")) {
                        throw new IllegalArgumentException("a secret of the server");
                    }
                    request.response().end("hello");
                })));

        HttpResponse<String> received = site.get("/");
        assertThat(received.body()).isEqualTo("hello");
        assertThat(TestServer.cookie(received)).isNotEmpty();

        HttpResponse<String> failed = site.get("/thrown");
        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).isEqualTo("Internal Server Error\n");
        assertThat(TestServer.cookie(failed)).isNotEmpty();
    }

    // ---- other protocols

    @Test
    void http_2_responses_wait_for_the_save_and_can_be_replaced() throws Exception {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            ctx.response().setStatusCode(201).end("hello");
        }));
        // A separate client: the connection of the shared one may already use HTTP/1.1.
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
                site.request("/").version(HttpClient.Version.HTTP_2).build();

        HttpResponse<String> received = client.send(request, BodyHandlers.ofString());
        assertThat(received.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(received.statusCode()).isEqualTo(201);
        assertThat(received.body()).isEqualTo("hello");
        assertThat(site.names(TestServer.cookie(received))).isEqualTo("[name]");

        site.store.failNext(Call.CREATE, Fault.NOT_DONE);
        HttpResponse<String> replaced = client.send(request, BodyHandlers.ofString());
        assertThat(replaced.statusCode()).isEqualTo(503);
        assertThat(replaced.body()).contains("Nothing was saved");
        assertThat(replaced.headers().map()).doesNotContainKey("set-cookie");
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }

    @Test
    void pipelined_requests_get_their_responses_in_order_with_separate_sessions() throws Exception {
        site.router.get("/").handler(TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            ctx.end("hello");
        }));
        try (Socket socket = site.connect("/")) {
            socket.getOutputStream()
                    .write(String.join(
                                    "\r\n",
                                    "GET / HTTP/1.1",
                                    "Host: localhost",
                                    "",
                                    "GET / HTTP/1.1",
                                    "Host: localhost",
                                    "Connection: close",
                                    "",
                                    "")
                            .getBytes(StandardCharsets.US_ASCII));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            List<String> cookies = all.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("set-cookie:"))
                    .toList();
            assertThat(cookies).hasSize(3).doesNotHaveDuplicates();
        }
    }
}
