package dev.sojourn.jdkhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.tools.WrappedExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SojournFilterTest {
    private final FaultyStore store = new FaultyStore();
    private final Sessions sessions =
            Sessions.create(c -> c.secret("ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN").store(store));
    private final SojournFilter filter = new SojournFilter(sessions);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;

    SojournFilterTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void the_readme_program_counts_the_views_of_a_client() throws Exception {
        HttpHandler handler = exchange -> {
            Session session = Sojourn.session(exchange);
            Integer views = session.update("views", Integer.class, n -> n == null ? 1 : n + 1);
            byte[] body = ("You have been here " + views + " times\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        };
        server.createContext("/", handler).getFilters().add(new SojournFilter(sessions));

        HttpResponse<String> first = get("");
        assertThat(first.body()).isEqualTo("You have been here 1 times\n");
        assertThat(get(cookie(first)).body()).isEqualTo("You have been here 2 times\n");
    }

    @Test
    void the_session_is_found_behind_wrappers_of_filters_in_front_and_behind() throws Exception {
        HttpContext context = server.createContext("/", respondingHandler(exchange -> {
            assertThat(exchange).isInstanceOf(WrappedExchange.class);
            Session session = Sojourn.session(exchange);
            assertThat(Sojourn.session(exchange)).isSameAs(session);
            return String.valueOf(session.update("n", Integer.class, n -> n == null ? 1 : n + 1));
        }));
        context.getFilters().addAll(List.of(new WrappingFilter(), filter, new WrappingFilter(), new WrappingFilter()));

        HttpResponse<String> first = get("");

        assertThat(first.body()).isEqualTo("1");
        assertThat(get(cookie(first)).body()).isEqualTo("2");
        assertThat(get("").body()).isEqualTo("1");
    }

    @Test
    void two_filters_over_the_same_sessions_share_one_session_record_and_cookie() throws Exception {
        Sessions unasked = Sessions.create(c -> c.secret("ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN")
                .store(store)
                .saveUninitialized()
                .resave());
        HttpContext context = server.createContext(
                "/",
                respondingHandler(exchange -> String.valueOf(
                        Sojourn.session(exchange).update("n", Integer.class, n -> n == null ? 1 : n + 1))));
        context.getFilters()
                .addAll(List.of(new SojournFilter(unasked), new WrappingFilter(), new SojournFilter(unasked)));

        HttpResponse<String> first = get("");
        HttpResponse<String> second = get(cookie(first));

        assertThat(first.body()).isEqualTo("1");
        assertThat(second.body()).isEqualTo("2");
        assertThat(store.calls()).containsExactly(Call.CREATE, Call.LOAD, Call.COMPARE_AND_SET);
    }

    @Test
    void the_shared_attributes_of_the_context_do_not_change() throws Exception {
        HttpContext context = server.createContext("/", respondingHandler(exchange -> {
            String name = String.valueOf(Sojourn.session(exchange).get("name", String.class));
            Sojourn.session(exchange).set("name", "John");
            exchange.setAttribute("mine", "stays");
            return name;
        }));
        context.getFilters().add(filter);

        assertThat(get("").body()).isEqualTo("null");
        assertThat(get("").body()).isEqualTo("null");

        assertThat(context.getAttributes().keySet()).containsOnlyOnce("mine").allMatch("mine"::equals);
    }

    @Test
    void another_thread_can_respond_after_handle_has_returned() throws Exception {
        CountDownLatch returned = new CountDownLatch(1);
        HttpContext context = server.createContext("/", exchange -> {
            Session session = Sojourn.session(exchange);
            session.set("before", 1);
            threads.execute(() -> {
                try {
                    assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
                    session.set("after", session.has("before"));
                    respond(exchange, String.valueOf(session.names()));
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        });
        context.getFilters().add(new Filter() {
            @Override
            public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
                chain.doFilter(exchange);
                returned.countDown();
            }

            @Override
            public String description() {
                return "reports that the handler has returned";
            }
        });
        context.getFilters().add(filter);
        server.createContext(
                        "/names",
                        respondingHandler(exchange ->
                                String.valueOf(Sojourn.session(exchange).names())))
                .getFilters()
                .add(filter);

        HttpResponse<String> response = get("");

        assertThat(response.body()).isEqualTo("[before, after]");
        assertThat(get("/names", cookie(response)).body()).isEqualTo("[before, after]");
    }

    @Test
    void the_message_without_a_filter_shows_how_to_add_it() throws Exception {
        BlockingQueue<RuntimeException> thrown = new LinkedBlockingQueue<>();
        server.createContext("/", respondingHandler(exchange -> {
            try {
                return Sojourn.session(exchange).toString();
            } catch (RuntimeException e) {
                thrown.add(e);
                return "no session";
            }
        }));

        assertThat(get("").body()).isEqualTo("no session");

        RuntimeException problem = thrown.remove();
        assertThatIllegalStateException()
                .isThrownBy(() -> {
                    throw problem;
                })
                .withMessageContaining("no SojournFilter on this context")
                .withMessageContaining("getFilters().add(new SojournFilter(sessions))");
    }

    @Test
    void an_io_exception_before_the_head_responds_with_500_and_saves() throws Exception {
        HttpContext context = server.createContext("/", exchange -> {
            Sojourn.session(exchange).set("name", "John");
            throw new IOException("a file is missing");
        });
        context.getFilters().add(filter);

        HttpResponse<String> response = get("");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("Internal Server Error\n");
        assertThat(cookie(response)).startsWith("__Host-id=");
    }

    @Test
    void a_handler_that_closes_the_exchange_and_throws_causes_a_500() throws Exception {
        HttpContext context = server.createContext("/", exchange -> {
            try (exchange) {
                throw new IllegalStateException("an unexpected failure");
            }
        });
        context.getFilters().add(filter);

        assertThat(get("").statusCode()).isEqualTo(500);
    }

    @Test
    void an_error_before_the_head_responds_with_500() throws Exception {
        server.createContext("/", exchange -> {
                    throw new StackOverflowError();
                })
                .getFilters()
                .add(filter);

        assertThat(get("").statusCode()).isEqualTo(500);
    }

    @Test
    void a_handler_can_continue_to_write_after_its_response_was_replaced() throws Exception {
        BlockingQueue<String> steps = new LinkedBlockingQueue<>();
        HttpContext context = server.createContext("/", exchange -> {
            Sojourn.session(exchange).set("name", "John");
            OutputStream early = exchange.getResponseBody();
            exchange.sendResponseHeaders(200, 4);
            early.write(1);
            early.write(new byte[] {2, 3});
            exchange.getResponseBody().write(new byte[1_000]);
            early.flush();
            exchange.getResponseBody().close();
            early.close();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            steps.add("the handler returned");
        });
        context.getFilters().add(filter);
        store.failNext(Call.CREATE, Fault.NOT_DONE);

        HttpResponse<String> response = get("");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("Nothing was saved");
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(steps.poll(20, TimeUnit.SECONDS)).isEqualTo("the handler returned");
    }

    @Test
    void a_body_stream_obtained_before_the_head_works() throws Exception {
        HttpContext context = server.createContext("/", exchange -> {
            OutputStream early = exchange.getResponseBody();
            Sojourn.session(exchange).set("name", "John");
            exchange.sendResponseHeaders(200, 5);
            early.write("hello".getBytes(StandardCharsets.UTF_8));
            early.close();
        });
        context.getFilters().add(filter);

        HttpResponse<String> response = get("");

        assertThat(response.body()).isEqualTo("hello");
        assertThat(cookie(response)).startsWith("__Host-id=");
    }

    @Test
    void the_head_can_be_sent_once_as_without_the_filter() throws Exception {
        AtomicReference<@Nullable IOException> thrown = new AtomicReference<>();
        HttpContext context = server.createContext("/", exchange -> {
            Sojourn.session(exchange).set("name", "John");
            respond(exchange, "hello");
            try {
                exchange.sendResponseHeaders(404, -1);
            } catch (IOException e) {
                thrown.set(e);
                throw e;
            }
        });
        context.getFilters().add(filter);

        assertThat(get("").body()).isEqualTo("hello");
        server.stop(1);
        assertThat(thrown.get()).isNotNull();
    }

    @Test
    void the_exchange_forwards_everything_else_to_the_exchange_of_the_jdk() throws Exception {
        HttpContext context = server.createContext("/", respondingHandler(exchange -> {
            exchange.setAttribute("colour", "red");
            exchange.setStreams(null, null);
            byte[] body = exchange.getRequestBody().readAllBytes();
            return String.join(
                    " ",
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getProtocol(),
                    exchange.getHttpContext().getPath(),
                    Integer.toString(exchange.getResponseCode()),
                    Boolean.toString(exchange.getRemoteAddress().getAddress().isLoopbackAddress()),
                    Boolean.toString(exchange.getLocalAddress().getPort()
                            == server.getAddress().getPort()),
                    String.valueOf(exchange.getAttribute("colour")),
                    String.valueOf(exchange.getPrincipal()),
                    Integer.toString(body.length));
        }));
        context.getFilters().add(filter);

        assertThat(get("/path?q=1", "").body()).isEqualTo("GET /path?q=1 HTTP/1.1 / -1 true true red null 0");
        assertThat(filter.description()).isEqualTo("Sojourn sessions");
    }

    // ---- helpers

    private interface Text {
        String of(HttpExchange exchange) throws IOException;
    }

    private static HttpHandler respondingHandler(Text text) {
        return exchange -> respond(exchange, text.of(exchange));
    }

    private static void respond(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().close();
    }

    private HttpResponse<String> get(String cookie) throws IOException, InterruptedException {
        return get("/", cookie);
    }

    private HttpResponse<String> get(String path, String cookie) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(20))
                .header("Cookie", cookie)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String cookie(HttpResponse<String> response) {
        List<String> lines = response.headers().allValues("Set-Cookie");
        assertThat(lines).hasSize(1);
        return lines.get(0).split(";", 2)[0];
    }

    /** A filter that wraps the exchange, like a compression filter. */
    private static final class WrappingFilter extends Filter {
        @Override
        public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
            chain.doFilter(new WrappedExchange(exchange));
        }

        @Override
        public String description() {
            return "wraps";
        }
    }
}
