package dev.sojourn.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.FaultyStore.Hold;
import dev.sojourn.tools.Quotation;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.CookieImpl;
import io.undertow.server.handlers.encoding.ContentEncodingRepository;
import io.undertow.server.handlers.encoding.EncodingHandler;
import io.undertow.server.handlers.encoding.GzipEncodingProvider;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xnio.channels.StreamSinkChannel;

class SojournHandlerTest {
    private static final int SECONDS = 20;

    private final FaultyStore store = new FaultyStore();
    private final Sessions sessions =
            Sessions.create(c -> c.secret("ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN").store(store));
    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<String> steps = new LinkedBlockingQueue<>();
    private @Nullable Undertow undertow;

    @AfterEach
    void stop() {
        if (undertow != null) {
            undertow.stop();
        }
    }

    // ---- the README

    @Test
    void the_readme_program_counts_the_views_of_a_client() throws Exception {
        int port = 0;
        HttpHandler handler = exchange -> {
            Session session = Sojourn.session(exchange);
            Integer views = session.update("views", Integer.class, n -> n == null ? 1 : n + 1);
            exchange.getResponseSender().send("You have been here " + views + " times\n");
        };
        Undertow server = Undertow.builder()
                .addHttpListener(port, "localhost")
                .setHandler(new BlockingHandler(new SojournHandler(sessions, handler)))
                .build();
        server.start();

        undertow = server;
        HttpResponse<String> first = get();
        assertThat(first.body()).isEqualTo("You have been here 1 times\n");
        assertThat(get(cookie(first)).body()).isEqualTo("You have been here 2 times\n");
    }

    @Test
    void the_readme_shows_the_program() throws IOException {
        String lines = Quotation.javaBlocks(Path.of("README.md")).get(0);
        String here =
                Files.readString(Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java"));

        assertThat(withoutIndentation(lines).lines().count()).isEqualTo(10);
        assertThat(withoutIndentation(here)).contains(withoutIndentation(lines));
    }

    private static String withoutIndentation(String code) {
        return code.strip().replaceAll("(?m)^\\s+", "");
    }

    // ---- mounting

    @Test
    void the_message_without_a_handler_shows_how_to_add_it() throws Exception {
        start(exchange -> {
            try {
                Sojourn.session(exchange);
            } catch (IllegalStateException e) {
                exchange.getResponseSender().send(String.valueOf(e.getMessage()));
            }
        });

        assertThat(get().body())
                .contains("no SojournHandler in front of this handler")
                .contains("new BlockingHandler(new SojournHandler(sessions, handler))");
    }

    @Test
    void a_blocking_handler_can_be_behind_the_session_handler() throws Exception {
        start(new SojournHandler(sessions, new BlockingHandler(this::count)));

        HttpResponse<String> first = get();

        assertThat(first.body()).isEqualTo("1");
        assertThat(get(cookie(first)).body()).isEqualTo("2");
    }

    @Test
    void two_handlers_over_the_same_sessions_share_one_session() throws Exception {
        start(new BlockingHandler(new SojournHandler(sessions, exchange -> {
            Sojourn.session(exchange).set("n", 1);
            new SojournHandler(sessions, this::count).handleRequest(exchange);
        })));

        HttpResponse<String> response = get();

        assertThat(response.body()).isEqualTo("2");
        assertThat(cookie(response)).startsWith("__Host-id=");
    }

    @Test
    void two_handlers_over_different_sessions_work_and_the_inner_session_is_returned() throws Exception {
        Sessions others = Sessions.create(
                c -> c.secret("Kq8Zt1nYw5Rb0xLf7cVh3mJd9sPg2uAe").cookie(k -> k.name("__Host-other")));
        start(new BlockingHandler(new SojournHandler(sessions, exchange -> {
            Sojourn.session(exchange).set("outer", true);
            new SojournHandler(others, this::count).handleRequest(exchange);
        })));

        assertThat(get().headers().allValues("Set-Cookie"))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("__Host-id="))
                .anyMatch(line -> line.startsWith("__Host-other="));
    }

    @Test
    void responses_over_http_2_wait_for_the_save_and_can_be_replaced() throws Exception {
        undertow = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .setHandler(new BlockingHandler(new SojournHandler(sessions, this::count)))
                .build();
        undertow.start();
        HttpRequest.Builder request = request("/").version(HttpClient.Version.HTTP_2);
        client.send(request.build(), BodyHandlers.ofString());

        HttpResponse<String> first = client.send(request.build(), BodyHandlers.ofString());
        assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(first.body()).isEqualTo("1");
        assertThat(cookie(first)).startsWith("__Host-id=");

        store.failNext(Call.CREATE, Fault.NOT_DONE);
        assertReplaced(client.send(request.build(), BodyHandlers.ofString()));
    }

    // ---- IO threads

    @Test
    void the_message_for_a_session_used_on_an_io_thread_refers_to_a_worker() throws Exception {
        start(new SojournHandler(sessions, exchange -> {
            Session session = Sojourn.session(exchange);
            try {
                session.get("name", String.class);
            } catch (IllegalStateException e) {
                exchange.getResponseSender().send(String.valueOf(e.getMessage()));
            }
        }));

        assertThat(get().body())
                .contains("IO thread")
                .contains("BlockingHandler")
                .contains("exchange.dispatch(...)");
        assertThat(store.calls()).isEmpty();
    }

    @Test
    void a_request_that_does_not_use_its_session_needs_no_worker() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        start(1, new SojournHandler(sessions, exchange -> {
            if (exchange.getRequestPath().equals("/busy")) {
                exchange.dispatch(() -> {
                    steps.add("the only worker is busy");
                    await(release);
                    exchange.endExchange();
                });
                return;
            }
            Sojourn.session(exchange);
            exchange.getResponseSender().send("hello");
        }));
        CompletableFuture<HttpResponse<String>> busy = getAsync("/busy");
        awaitStep();

        assertThat(get().body()).isEqualTo("hello");

        release.countDown();
        assertThat(busy.get(SECONDS, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void an_io_thread_serves_other_requests_while_a_sent_response_is_saved() throws Exception {
        assertServesOtherRequestsWhileSaving(
                exchange -> exchange.getResponseSender().send("saved"), "saved");
    }

    @Test
    void an_io_thread_serves_other_requests_while_a_response_without_a_body_is_saved() throws Exception {
        assertServesOtherRequestsWhileSaving(HttpServerExchange::endExchange, "");
    }

    @Test
    void an_io_thread_serves_other_requests_while_an_error_response_is_saved() throws Exception {
        assertServesOtherRequestsWhileSaving(
                exchange -> {
                    throw new IllegalArgumentException("an unexpected failure");
                },
                "Internal Server Error\n");
    }

    private void assertServesOtherRequestsWhileSaving(HttpHandler responding, String body) throws Exception {
        start(2, new SojournHandler(sessions, exchange -> {
            if (exchange.getRequestPath().equals("/other")) {
                exchange.getResponseSender().send("other");
                return;
            }
            exchange.dispatch((HttpHandler) same -> {
                Sojourn.session(same).set("name", "John");
                same.dispatch(same.getIoThread(), responding);
            });
        }));
        Hold create = store.holdNext(Call.CREATE);
        CompletableFuture<HttpResponse<String>> held = getAsync("/");
        create.awaitCall();

        assertThat(get("/other", "").body()).isEqualTo("other");
        assertThat(held).isNotDone();

        create.release();
        HttpResponse<String> response = held.get(SECONDS, TimeUnit.SECONDS);
        assertThat(response.body()).isEqualTo(body);
        assertThat(cookie(response)).startsWith("__Host-id=");
    }

    @Test
    void an_io_thread_serves_other_requests_while_late_changes_are_saved() throws Exception {
        start(2, new SojournHandler(sessions, exchange -> {
            if (exchange.getRequestPath().equals("/other")) {
                exchange.getResponseSender().send("other");
                return;
            }
            exchange.dispatch((HttpHandler) same -> {
                Sojourn.session(same).set("name", "John");
                same.dispatch(
                        same.getIoThread(),
                        responding -> responding.getResponseSender().send("early", new IoCallback() {
                            @Override
                            public void onComplete(HttpServerExchange sent, Sender sender) {
                                Sojourn.session(sent).set("name", "Jane");
                                sent.dispatch(sent.getIoThread(), (Runnable) sent::endExchange);
                            }

                            @Override
                            public void onException(HttpServerExchange sent, Sender sender, IOException problem) {
                                sent.endExchange();
                            }
                        }));
            });
        }));
        Hold late = store.holdNext(Call.COMPARE_AND_SET);
        CompletableFuture<HttpResponse<String>> early = getAsync("/");
        late.awaitCall();

        // On a separate connection: the next request of the same connection waits for the save.
        assertThat(sendRaw("GET /other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .endsWith("other");

        late.release();
        assertThat(early.get(SECONDS, TimeUnit.SECONDS).body()).isEqualTo("early");
    }

    @Test
    void getting_the_response_channel_on_an_io_thread_before_the_save_causes_a_500() throws Exception {
        startOnIoThread(exchange -> {
            StreamSinkChannel channel = exchange.getResponseChannel();
            channel.write(ByteBuffer.wrap("your order is placed".getBytes(StandardCharsets.UTF_8)));
            exchange.endExchange();
        });

        HttpResponse<String> response = get();

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("Internal Server Error\n");
        assertThat(response.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void ending_the_exchange_after_sending_from_an_io_thread_loses_nothing() throws Exception {
        startOnIoThread(exchange -> {
            exchange.getResponseSender().send("hello", IoCallback.END_EXCHANGE);
            exchange.endExchange();
            exchange.endExchange();
        });

        HttpResponse<String> response = get();

        assertThat(response.body()).isEqualTo("hello");
        assertThat(cookie(response)).startsWith("__Host-id=");
    }

    @Test
    void an_exception_after_sending_from_an_io_thread_causes_a_500() throws Exception {
        startOnIoThread(exchange -> {
            exchange.getResponseSender().send("your order is placed");
            throw new IllegalStateException("an unexpected failure");
        });

        HttpResponse<String> response = get();

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("Internal Server Error\n");
        assertThat(cookie(response)).startsWith("__Host-id=");
    }

    @Test
    void a_second_concurrent_send_from_an_io_thread_is_rejected_as_in_undertow() throws Exception {
        startOnIoThread(exchange -> {
            exchange.getResponseSender().send("one");
            try {
                exchange.getResponseSender().send("two");
            } catch (IllegalStateException e) {
                steps.add(String.valueOf(e.getMessage()));
            }
        });

        assertThat(get().body()).isEqualTo("one");
        assertThat(awaitStep()).contains("being sent already");
    }

    @Test
    void a_call_that_the_sender_rejects_on_the_worker_causes_a_500() throws Exception {
        startOnIoThread(exchange -> {
            exchange.setResponseContentLength(2);
            exchange.getResponseSender().send("longer than two", new IoCallback() {
                @Override
                public void onComplete(HttpServerExchange sent, Sender sender) {
                    sent.endExchange();
                }

                @Override
                public void onException(HttpServerExchange sent, Sender sender, IOException problem) {
                    throw new IllegalStateException("refused", problem);
                }
            });
        });

        assertThat(get().statusCode()).isEqualTo(500);
    }

    @Test
    void the_session_is_saved_before_every_kind_of_send_from_an_io_thread(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "hello");
        ByteBuffer[] parts = {ByteBuffer.allocate(0), ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8))};
        List<HttpHandler> ways = List.of(
                exchange -> exchange.getResponseSender().send("hello"),
                exchange -> exchange.getResponseSender().send("hello", StandardCharsets.UTF_16BE),
                exchange -> exchange.getResponseSender().send("hello", IoCallback.END_EXCHANGE),
                exchange -> exchange.getResponseSender().send("hello", StandardCharsets.UTF_8, IoCallback.END_EXCHANGE),
                exchange -> exchange.getResponseSender().send(parts[1].duplicate()),
                exchange -> exchange.getResponseSender().send(parts[1].duplicate(), IoCallback.END_EXCHANGE),
                exchange -> exchange.getResponseSender().send(new ByteBuffer[] {parts[1].duplicate()}),
                exchange -> exchange.getResponseSender()
                        .send(new ByteBuffer[] {parts[1].duplicate()}, IoCallback.END_EXCHANGE),
                exchange -> exchange.getResponseSender().transferFrom(FileChannel.open(file), IoCallback.END_EXCHANGE),
                exchange -> exchange.getResponseSender().close(IoCallback.END_EXCHANGE),
                exchange -> exchange.getResponseSender().close());
        BlockingQueue<HttpHandler> next = new LinkedBlockingQueue<>();
        startOnIoThread(exchange -> next.remove().handleRequest(exchange));
        for (HttpHandler way : ways) {
            next.add(way);
            HttpResponse<String> response = get();
            assertThat(response.body().replace("\0", "")).isIn("hello", "");
            assertThat(cookie(response)).startsWith("__Host-id=");

            next.add(way);
            store.failNext(Call.CREATE, Fault.NOT_DONE);
            assertReplaced(get());
        }
    }

    @Test
    void handlers_run_on_workers_if_every_session_is_loaded() throws Exception {
        Sessions rolling = Sessions.create(
                c -> c.secret("ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN").store(store).saveUninitialized());
        start(new SojournHandler(
                rolling, exchange -> exchange.getResponseSender().send("on an IO thread: " + exchange.isInIoThread())));

        HttpResponse<String> response = get();

        assertThat(response.body()).isEqualTo("on an IO thread: false");
        assertThat(cookie(response)).startsWith("__Host-id=");
    }

    // ---- exceptions

    @Test
    void exceptions_and_errors_of_any_handler_and_thread_cause_a_500_and_changes_are_saved() throws Exception {
        for (Throwable thrown : List.of(new IOException("a file is missing"), new StackOverflowError())) {
            for (boolean worker : new boolean[] {true, false}) {
                start(new SojournHandler(
                        sessions,
                        exchange -> exchange.dispatch((HttpHandler) same -> {
                            Sojourn.session(same).set("name", "John");
                            HttpHandler failing = last -> throwAny(thrown);
                            same.dispatch(worker ? same.getConnection().getWorker() : same.getIoThread(), failing);
                        })));

                HttpResponse<String> response = get();

                assertThat(response.statusCode()).isEqualTo(500);
                assertThat(response.body()).isEqualTo("Internal Server Error\n");
                assertThat(cookie(response)).startsWith("__Host-id=");
                stop();
            }
        }
    }

    @Test
    void an_exception_handler_in_front_or_behind_can_respond_and_the_session_is_saved() throws Exception {
        HttpHandler failing = exchange -> {
            Sojourn.session(exchange).set("name", "John");
            exchange.getOutputStream().write("half an ans".getBytes(StandardCharsets.UTF_8));
            throw new IllegalArgumentException("an unexpected failure");
        };
        HttpHandler page = exchange -> exchange.setStatusCode(418).endExchange();
        start(Handlers.path()
                .addExactPath(
                        "/inside",
                        new BlockingHandler(new SojournHandler(
                                sessions,
                                Handlers.exceptionHandler(failing)
                                        .addExceptionHandler(IllegalArgumentException.class, page))))
                .addExactPath(
                        "/outside",
                        new BlockingHandler(Handlers.exceptionHandler(new SojournHandler(sessions, failing))
                                .addExceptionHandler(IllegalArgumentException.class, page))));

        for (String path : List.of("/inside", "/outside")) {
            HttpResponse<String> response = get(path, "");
            assertThat(response.statusCode()).isEqualTo(418);
            assertThat(cookie(response)).startsWith("__Host-id=");
        }
    }

    @Test
    void a_session_exception_gets_its_status_unless_the_application_handles_it() throws Exception {
        HttpHandler reading = exchange -> Sojourn.session(exchange).get("name", String.class);
        start(new BlockingHandler(Handlers.path()
                .addExactPath("/plain", new SojournHandler(sessions, reading))
                .addExactPath(
                        "/own",
                        new SojournHandler(
                                sessions,
                                Handlers.exceptionHandler(reading)
                                        .addExceptionHandler(
                                                SessionException.class,
                                                exchange -> exchange.getResponseSender()
                                                        .send("custom message"))))
                .addExactPath("/new", new SojournHandler(sessions, this::count))));
        String cookie = cookie(get("/new", ""));
        store.failAll();

        assertReplaced(get("/plain", cookie));
        assertThat(get("/own", cookie).body()).isEqualTo("custom message");
    }

    @Test
    void an_unsent_partial_response_is_not_part_of_the_error_response() throws Exception {
        startBlocking(exchange -> {
            exchange.getOutputStream().write("half an ans".getBytes(StandardCharsets.UTF_8));
            throw new IllegalArgumentException("an unexpected failure");
        });

        HttpResponse<String> response = get();

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("Internal Server Error\n");
    }

    // ---- replaced responses

    @Test
    void a_handler_can_continue_to_write_after_its_response_was_replaced() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        startBlocking(exchange -> {
            Sojourn.session(exchange).set("name", "John");
            OutputStream out = exchange.getOutputStream();
            out.write("your order".getBytes(StandardCharsets.UTF_8));
            out.flush();
            await(answered);
            for (int i = 0; i < 100; i++) {
                out.write(new byte[10_000]);
                out.flush();
            }
            out.close();
            steps.add("the handler returned");
        });
        store.failNext(Call.CREATE, Fault.NOT_DONE);

        assertReplaced(get());
        answered.countDown();
        assertThat(awaitStep()).isEqualTo("the handler returned");

        answered.countDown();
        assertThat(get().statusCode()).as("the next response").isEqualTo(200);
    }

    @Test
    void every_kind_of_write_can_be_replaced(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file.txt"), "your order is placed\n".repeat(50_000));
        List<HttpHandler> ways = List.of(
                exchange -> exchange.getOutputStream()
                        .write("your order".repeat(100_000).getBytes(StandardCharsets.UTF_8)),
                exchange -> exchange.getResponseSender().send("your order".repeat(100_000)),
                exchange -> exchange.getResponseSender().transferFrom(FileChannel.open(file), IoCallback.END_EXCHANGE),
                exchange -> {
                    StreamSinkChannel channel = exchange.getResponseChannel();
                    channel.write(new ByteBuffer[] {ByteBuffer.allocate(100), ByteBuffer.allocate(10)});
                    channel.writeFinal(ByteBuffer.allocate(100));
                    channel.flush();
                },
                exchange -> {
                    StreamSinkChannel channel = exchange.getResponseChannel();
                    channel.writeFinal(new ByteBuffer[] {ByteBuffer.allocate(100), ByteBuffer.allocate(10)});
                    channel.flush();
                },
                exchange -> {
                    exchange.getResponseChannel()
                            .transferFrom(exchange.getRequestChannel(), Long.MAX_VALUE, ByteBuffer.allocate(1000));
                    exchange.endExchange();
                },
                exchange -> exchange.getResponseHeaders().put(Headers.TRANSFER_ENCODING, "chunked"),
                exchange -> exchange.setReasonPhrase("Your Order Is Placed"),
                exchange -> exchange.setResponseCookie(new CookieImpl("order", "placed")),
                Handlers.resource(new PathResourceManager(folder)));
        BlockingQueue<HttpHandler> next = new LinkedBlockingQueue<>();
        startBlocking(exchange -> {
            Sojourn.session(exchange).set("name", "John");
            next.remove().handleRequest(exchange);
        });
        for (HttpHandler way : ways) {
            next.add(way);
            store.failNext(Call.CREATE, Fault.NOT_DONE);
            assertReplaced(post("/file.txt", "a body"));

            next.add(way);
            HttpResponse<String> response = post("/file.txt", "a body");
            assertThat(response.statusCode()).isIn(200, 405);
            assertThat(response.headers().allValues("Set-Cookie")).anyMatch(line -> line.startsWith("__Host-id="));
        }
    }

    @Test
    void an_unread_request_body_does_not_block_the_response() throws Exception {
        start(new SojournHandler(
                sessions,
                exchange -> exchange.dispatch((HttpHandler) same -> {
                    Sojourn.session(same).set("name", "John");
                    same.setStatusCode(204).endExchange();
                })));
        String large = "x".repeat(1_000_000);

        HttpResponse<String> response = post("/", large);
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(cookie(response)).startsWith("__Host-id=");

        store.failNext(Call.CREATE, Fault.NOT_DONE);
        assertReplaced(post("/", large));
    }

    // ---- encoding handlers

    @Test
    void handlers_in_front_and_behind_can_encode_the_response() throws Exception {
        String text = "hello ".repeat(1_000);
        HttpHandler handler = exchange -> {
            Sojourn.session(exchange).set("name", "John");
            exchange.getResponseSender().send(text);
        };
        start(new BlockingHandler(Handlers.path()
                .addExactPath("/front", gzip(new SojournHandler(sessions, handler)))
                .addExactPath("/behind", new SojournHandler(sessions, gzip(handler)))));

        for (String path : List.of("/front", "/behind")) {
            HttpResponse<byte[]> response =
                    client.send(request(path).header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
            assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(unzip(response.body())).isEqualTo(text);
            assertThat(response.headers().allValues("Set-Cookie")).hasSize(1);
        }
    }

    @Test
    void a_failed_save_replaces_an_encoded_response_if_the_encoder_is_in_front() throws Exception {
        start(new BlockingHandler(gzip(new SojournHandler(sessions, exchange -> {
            Sojourn.session(exchange).set("name", "John");
            exchange.getResponseSender().send("your order is placed ".repeat(1_000));
        }))));
        store.failNext(Call.CREATE, Fault.NOT_DONE);

        HttpResponse<byte[]> response =
                client.send(request("/").header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());

        assertThat(response.statusCode()).isEqualTo(503);
    }

    @Test
    void a_failed_save_closes_the_connection_if_the_encoder_is_behind() throws Exception {
        start(new BlockingHandler(new SojournHandler(sessions, gzip(exchange -> {
            Sojourn.session(exchange).set("name", "John");
            exchange.getResponseSender().send("your order is placed ".repeat(1_000));
        }))));
        store.failNext(Call.CREATE, Fault.NOT_DONE);

        assertThat(sendRaw("GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n"))
                .isEmpty();
    }

    private static HttpHandler gzip(HttpHandler next) {
        return new EncodingHandler(
                        new ContentEncodingRepository().addEncodingHandler("gzip", new GzipEncodingProvider(), 50))
                .setNext(next);
    }

    private static String unzip(byte[] bytes) throws IOException {
        try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(bytes))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    // ---- the request as the engine sees it

    @Test
    void the_engine_sees_the_peer_address_and_trusts_a_proxy_handler_that_reports_tls() throws Exception {
        start(Handlers.proxyPeerAddress(exchange -> {
            UndertowExchange adapted = new UndertowExchange(exchange);
            exchange.getResponseSender()
                    .send(exchange.getSourceAddress().getHostString() + " " + exchange.isSecure() + " "
                            + adapted.remoteAddress() + " " + adapted.isSecure());
        }));

        HttpRequest request = request("/")
                .header("X-Forwarded-For", "203.0.113.9")
                .header("X-Forwarded-Proto", "https")
                .build();

        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("203.0.113.9 true 127.0.0.1 true");
    }

    @Test
    void no_header_makes_a_plain_request_secure_without_a_proxy_handler() throws Exception {
        start(exchange -> exchange.getResponseSender().send("[" + new UndertowExchange(exchange).isSecure() + "]"));

        assertThat(sendRaw("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"))
                .contains("[false]");
        assertThat(sendRaw("GET https://x/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains("[false]");
    }

    @Test
    void the_path_is_not_decoded_and_has_no_host_and_query() throws Exception {
        start(exchange -> exchange.getResponseSender().send("[" + new UndertowExchange(exchange).path() + "]"));

        assertThat(sendRaw("GET /a%20b;c=d/e?f=g HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains("[/a%20b;c=d/e]");
        assertThat(sendRaw("GET http://x/a%2Fb?f=g HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains("[/a%2Fb]");
        assertThat(sendRaw("GET http://x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains("[/]");
    }

    @Test
    void header_values_are_decoded_as_latin_1_line_by_line() throws Exception {
        start(exchange -> {
            UndertowExchange adapted = new UndertowExchange(exchange);
            adapted.setResponseHeaders("X-Echo", adapted.requestHeaders("x-sent"));
            assertThat(adapted.responseHeaders("x-echo")).isEqualTo(adapted.requestHeaders("X-Sent"));
            adapted.setResponseHeaders("X-Gone", List.of("1"));
            adapted.setResponseHeaders("x-gone", List.of());
            exchange.endExchange();
        });

        assertThat(sendRaw(
                        "GET / HTTP/1.1\r\nHost: x\r\nX-Sent: \u00fc\u00ff\r\nX-Sent: b\r\nConnection: close\r\n\r\n"))
                .contains("X-Echo: \u00fc\u00ff\r\n")
                .contains("X-Echo: b\r\n")
                .doesNotContainIgnoringCase("X-Gone");
    }

    // ---- helpers

    private void start(HttpHandler handler) {
        start(8, handler);
    }

    /** One IO thread: blocking it blocks all requests. */
    private void start(int workers, HttpHandler handler) {
        undertow = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(workers)
                .setHandler(handler)
                .build();
        undertow.start();
    }

    private void startBlocking(HttpHandler handler) {
        start(new BlockingHandler(new SojournHandler(sessions, handler)));
    }

    /** Sets a name on a worker, then responds on an IO thread. */
    private void startOnIoThread(HttpHandler responding) {
        start(new SojournHandler(
                sessions,
                exchange -> exchange.dispatch((HttpHandler) same -> {
                    Sojourn.session(same).set("name", "John");
                    same.dispatch(same.getIoThread(), responding);
                })));
    }

    private void count(HttpServerExchange exchange) {
        Integer n = Sojourn.session(exchange).update("n", Integer.class, old -> old == null ? 1 : old + 1);
        exchange.getResponseSender().send(String.valueOf(n));
    }

    private static void throwAny(Throwable thrown) throws Exception {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (Exception) thrown;
    }

    private static void assertReplaced(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("Nothing was saved").doesNotContain("order");
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(response.headers().allValues("Set-Cookie")).isEmpty();
    }

    private HttpResponse<String> get() throws IOException, InterruptedException {
        return get("");
    }

    private HttpResponse<String> get(String cookie) throws IOException, InterruptedException {
        return get("/", cookie);
    }

    private HttpResponse<String> get(String path, String cookie) throws IOException, InterruptedException {
        return client.send(request(path).header("Cookie", cookie).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> getAsync(String path) {
        return client.sendAsync(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(SECONDS));
    }

    private int port() {
        if (undertow == null) {
            throw new IllegalStateException("no server was started");
        }
        return TestServer.port(undertow);
    }

    /** Sends a raw request and returns all bytes until the connection is closed. */
    private String sendRaw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(SECONDS * 1_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(all);
            return all.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private static String cookie(HttpResponse<String> response) {
        List<String> lines = response.headers().allValues("Set-Cookie");
        assertThat(lines).hasSize(1);
        return lines.get(0).split(";", 2)[0];
    }

    private String awaitStep() throws InterruptedException {
        String step = steps.poll(SECONDS, TimeUnit.SECONDS);
        assertThat(step).isNotNull();
        return String.valueOf(step);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
