package dev.sojourn.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.FaultyStore.Hold;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.Cookie;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks every kind of response of a Vert.x application on the event loop: it waits for the save and is replaced if that fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResponsesTest {
    /** More than the capacity of a socket's buffers. */
    private static final int LARGE = 8 << 20;

    private static final Map<String, ResponseShape> SHAPES = new LinkedHashMap<>();

    private final TestServer site = new TestServer();

    @TempDir
    Path folder;

    /** A kind of response, and the expected result. */
    private record ResponseShape(
            String method, int status, @Nullable String body, BiConsumer<RoutingContext, Path> responder) {}

    private static void addShape(
            String name, int status, @Nullable String body, BiConsumer<RoutingContext, Path> responder) {
        SHAPES.put(name, new ResponseShape("GET", status, body, responder));
    }

    static {
        addShape("end()", 200, "", (ctx, folder) -> ctx.response().end());
        addShape("end(text)", 200, "hello", (ctx, folder) -> ctx.response().end("hello"));
        addShape("end(buffer)", 200, "hello", (ctx, folder) -> ctx.end(Buffer.buffer("hello")));
        addShape("send(text)", 200, "hello", (ctx, folder) -> ctx.response().send("hello"));
        addShape(
                "json",
                200,
                "{\"hello\":\"world\"}",
                (ctx, folder) -> ctx.json(new JsonObject().put("hello", "world")));
        addShape("redirect", 302, "Redirecting to /home.", (ctx, folder) -> ctx.redirect("/home"));
        addShape("write and end", 200, "hello world", (ctx, folder) -> {
            ctx.response().setChunked(true).write("hello");
            ctx.response().end(" world");
        });
        addShape(
                "write without a length",
                200,
                "hello world",
                (ctx, folder) -> ctx.response()
                        .write("hello")
                        .onSuccess(written -> ctx.response().end(" world")));
        addShape("write of a fixed length", 200, "hello world", (ctx, folder) -> {
            ctx.response().putHeader("Content-Length", "11").write("hello");
            ctx.response().end(" world");
        });
        addShape("sendFile", 200, "a file", (ctx, folder) -> ctx.response().sendFile(file(folder)));
        addShape(
                "sendFile, a part", 200, "file", (ctx, folder) -> ctx.response().sendFile(file(folder), 2, 4));
        addShape("a static file", 200, "a file", (ctx, folder) -> ctx.reroute("/files/file.txt"));
        addShape(
                "pipeTo",
                200,
                null,
                (ctx, folder) -> ctx.vertx()
                        .fileSystem()
                        .open(folder.resolve("large").toString(), new OpenOptions())
                        .onSuccess(file -> file.pipeTo(ctx.response().setChunked(true))));
        addShape(
                "send(stream)",
                200,
                null,
                (ctx, folder) -> ctx.vertx()
                        .fileSystem()
                        .open(folder.resolve("large").toString(), new OpenOptions())
                        .onSuccess(file -> ctx.response().send(file)));
        addShape(
                "204",
                204,
                "",
                (ctx, folder) -> ctx.response().setStatusCode(204).end());
        addShape(
                "304",
                304,
                "",
                (ctx, folder) -> ctx.response().setStatusCode(304).end());
        addShape("fail(403)", 403, "Forbidden", (ctx, folder) -> ctx.fail(403));
        addShape("a thrown exception", 500, "Internal Server Error", (ctx, folder) -> {
            throw new IllegalArgumentException("a test failure");
        });
        addShape("no route", 404, "<html><body><h1>Resource not found</h1></body></html>", (ctx, folder) -> ctx.next());
        addShape("a route that responds", 200, "hello", (ctx, folder) -> ctx.reroute("/responds"));
        SHAPES.put("HEAD", new ResponseShape("HEAD", 200, "", (ctx, folder) -> ctx.end("hello")));
    }

    static Stream<String> shapes() {
        return SHAPES.keySet().stream();
    }

    private static String file(Path folder) {
        return folder.resolve("file.txt").toString();
    }

    @BeforeEach
    void reset() throws IOException {
        site.reset();
        Files.writeString(folder.resolve("file.txt"), "a file");
        Files.writeString(folder.resolve("large"), large());
        site.router.get("/responds").respond(ctx -> Sojourn.session(ctx).map(session -> "hello"));
        site.router.route("/shape/:name").handler(TestServer.withSession((ctx, session) -> {
            ResponseShape shape = Objects.requireNonNull(SHAPES.get(ctx.pathParam("name")));
            session.set("name", "John");
            ctx.response().putHeader("ETag", "v1").addCookie(Cookie.cookie("theme", "dark"));
            ctx.addHeadersEndHandler(head -> ctx.response().putHeader("Cache-Control", "public, max-age=600"));
            shape.responder().accept(ctx, folder);
        }));
        site.router.get("/files/*").handler(StaticHandler.create(FileSystemAccess.ROOT, folder.toString()));
    }

    @AfterEach
    void throwProblem() {
        site.throwProblem();
    }

    @AfterAll
    void stop() {
        site.close();
    }

    private static String large() {
        char[] text = new char[LARGE];
        Arrays.fill(text, 'x');
        return new String(text);
    }

    private CompletableFuture<HttpResponse<String>> sendAsync(String name) {
        ResponseShape shape = Objects.requireNonNull(SHAPES.get(name));
        return site.sendAsync(site.request("/shape/"
                        + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"))
                .method(shape.method(), BodyPublishers.noBody())
                .build());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void the_response_waits_for_the_save_and_has_the_cookie(String name) throws Exception {
        ResponseShape shape = Objects.requireNonNull(SHAPES.get(name));
        Hold create = site.store.holdNext(Call.CREATE);
        CompletableFuture<HttpResponse<String>> coming = sendAsync(name);
        create.awaitCall();

        assertThat(site.get("/ping").body()).isEqualTo("pong");
        assertThatExceptionOfType(TimeoutException.class)
                .as("a response came before the session was saved")
                .isThrownBy(() -> coming.get(50, TimeUnit.MILLISECONDS));
        create.release();
        HttpResponse<String> received = coming.get(20, TimeUnit.SECONDS);

        assertThat(received.statusCode()).isEqualTo(shape.status());
        if (shape.body() == null) {
            assertThat(received.body()).isEqualTo(large());
        } else {
            assertThat(received.body()).isEqualTo(shape.body());
        }
        assertThat(received.headers().allValues("Cache-Control"))
                .as("the header of the session overrides a late header of the application")
                .containsExactly("no-store");
        assertThat(received.headers().allValues("Set-Cookie")).contains("theme=dark");
        assertThat(site.names(TestServer.cookie(received))).isEqualTo("[name]");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void the_response_is_replaced_if_the_save_fails(String name) throws Exception {
        site.store.failNext(Call.CREATE, Fault.NOT_DONE);

        HttpResponse<String> received = sendAsync(name).get(20, TimeUnit.SECONDS);

        assertThat(received.statusCode()).isEqualTo(503);
        assertThat(received.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(received.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(received.headers().map()).doesNotContainKeys("set-cookie", "location", "etag", "transfer-encoding");
        if (!name.equals("HEAD")) {
            assertThat(received.headers().allValues("Content-Type")).containsExactly("text/plain; charset=utf-8");
            assertThat(received.body()).contains("Nothing was saved");
        }
        assertThat(site.get("/ping").body()).isEqualTo("pong");
    }

    // ---- responses that failed before the head

    private void serve(String path, Handler<RoutingContext> handler) {
        site.router.get(path).order(-1).handler(handler);
    }

    @Test
    void another_response_is_possible_after_a_missing_file_and_has_the_cookie() {
        Handler<RoutingContext> missing = TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            ctx.response().sendFile(folder.resolve("missing").toString()).onFailure(problem -> ctx.fail(404, problem));
        });
        serve("/page", missing);
        serve("/moved", missing);
        site.router.route("/moved").failureHandler(ctx -> ctx.reroute("/elsewhere"));
        serve("/elsewhere", ctx -> ctx.end("here it is"));

        HttpResponse<String> received = site.get("/page");
        assertThat(received.statusCode()).isEqualTo(404);
        assertThat(received.body()).isEqualTo("Not Found");
        assertThat(site.names(TestServer.cookie(received))).isEqualTo("[name]");

        HttpResponse<String> elsewhere = site.get("/moved");
        assertThat(elsewhere.body()).isEqualTo("here it is");
        assertThat(elsewhere.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(site.names(TestServer.cookie(elsewhere))).isEqualTo("[name]");
    }

    @Test
    void the_response_that_replaces_a_missing_file_waits_for_its_save() throws Exception {
        serve("/page", TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            ctx.response().sendFile(folder.resolve("missing").toString()).onFailure(problem -> {
                session.set("missed", true);
                ctx.end("no such page");
            });
        }));
        Hold save = site.store.holdNext(Call.COMPARE_AND_SET);
        CompletableFuture<HttpResponse<String>> coming =
                site.sendAsync(site.request("/page").build());
        save.awaitCall();

        assertThatExceptionOfType(TimeoutException.class)
                .as("a response came before its changes were saved")
                .isThrownBy(() -> coming.get(50, TimeUnit.MILLISECONDS));
        save.release();

        HttpResponse<String> received = coming.get(20, TimeUnit.SECONDS);
        assertThat(received.body()).isEqualTo("no such page");
        assertThat(site.names(TestServer.cookie(received))).isEqualTo("[name, missed]");
    }

    @Test
    void a_response_that_the_handler_aborts_is_aborted() {
        serve("/broken", TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            ctx.response().reset();
        }));

        assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> site.get("/broken"));
        assertThat(site.store.calls())
                .as("a new session whose id its client never received")
                .isEmpty();
    }

    @Test
    void the_reason_phrase_of_the_handler_is_also_replaced() throws Exception {
        serve("/phrase", TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            ctx.response()
                    .setStatusCode(200)
                    .setStatusMessage("Your order is placed")
                    .end();
        }));
        site.store.failNext(Call.CREATE, Fault.NOT_DONE);

        try (var socket = site.connect("/phrase")) {
            byte[] head = socket.getInputStream().readNBytes("HTTP/1.1 503 \r\n".length());
            assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 503 \r\n");
        }
    }

    @Test
    void the_client_receives_a_session_that_was_saved_before_the_failure() {
        serve(
                "/saved",
                ctx -> Sojourn.session(ctx)
                        .compose(session -> ctx.vertx().executeBlocking(() -> {
                            session.set("name", "John");
                            session.save();
                            return session;
                        }))
                        .onSuccess(session -> {
                            session.set("ordered", true);
                            site.store.failNext(Call.COMPARE_AND_SET, Fault.NOT_DONE);
                            ctx.response().addCookie(Cookie.cookie("theme", "dark"));
                            ctx.end("your order is placed");
                        }));

        HttpResponse<String> received = site.get("/saved");

        assertThat(received.statusCode()).isEqualTo(503);
        assertThat(received.headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(site.names(TestServer.cookie(received))).isEqualTo("[name]");
    }

    @Test
    void the_lifecycle_handlers_of_the_response_are_called() throws Exception {
        List<String> life = new CopyOnWriteArrayList<>();
        CountDownLatch ended = new CountDownLatch(1);
        serve("/life", TestServer.withSession((ctx, session) -> {
            session.set("name", "John");
            ctx.addHeadersEndHandler(head -> {
                life.add("head");
                ctx.response().putHeader("X-Late", "yes");
            });
            ctx.addBodyEndHandler(body -> life.add("body"));
            ctx.addEndHandler(end -> {
                life.add("end");
                ended.countDown();
            });
            ctx.response().write("hello");
            ctx.response().end(" world");
        }));

        HttpResponse<String> received = site.get("/life");

        assertThat(received.body()).isEqualTo("hello world");
        assertThat(received.headers().firstValue("X-Late")).hasValue("yes");
        // The client may have the whole response before Vert.x reports that.
        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(life).containsExactly("head", "body", "end");
    }

    @Test
    void a_handler_behind_another_one_over_the_same_sessions_adds_no_second_session() {
        Sessions unasked = Sessions.create(
                c -> c.secret(TestServer.SECRET).store(site.store).saveUninitialized());
        site.serve(
                SojournHandler.create(unasked, SojournHandler.create(unasked, request -> site.router.handle(request))));

        HttpResponse<String> received = site.get("/new");

        assertThat(received.headers().allValues("set-cookie")).hasSize(1);
        assertThat(site.get("/names", TestServer.cookie(received)).body()).isEqualTo("[name]");
    }

    @Test
    void login_changes_the_id_and_logout_clears_the_cookie() {
        serve("/login", TestServer.withSession((ctx, session) -> {
            session.login("alice");
            ctx.redirect("/home");
        }));
        serve("/whoami", TestServer.withSession((ctx, session) -> ctx.end(String.valueOf(session.subject()))));
        serve("/logout", TestServer.withSession((ctx, session) -> {
            session.destroy();
            ctx.redirect("/");
        }));
        serve("/login-again", TestServer.withSession((RoutingContext ctx, Session session) -> {
            session.changeId();
            session.regenerate();
            session.login("bob");
            ctx.end();
        }));
        String before = site.newSession();
        var login = site.send(site.request("/login").header("Cookie", before).build());
        String cookie = TestServer.cookie(login);

        assertThat(cookie).isNotEqualTo(before);
        assertThat(site.get("/whoami", cookie).body()).isEqualTo("alice");
        assertThat(site.get("/whoami", before).body()).isEqualTo("null");

        String bobs = TestServer.cookie(site.get("/login-again", cookie));
        assertThat(site.get("/whoami", bobs).body()).isEqualTo("bob");
        assertThat(TestServer.cookie(site.get("/logout", bobs))).isEqualTo("__Host-id=");
        assertThat(site.get("/whoami", bobs).body()).isEqualTo("null");
    }
}
