package dev.sojourn.helidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.tools.Quotation;
import io.helidon.http.ForbiddenException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SojournFeatureTest {
    private final FaultyStore store = new FaultyStore();
    private final Sessions sessions =
            Sessions.create(c -> c.secret("ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN").store(store));
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable Runnable stop;
    private int port;

    @AfterEach
    void stop() {
        if (stop != null) {
            stop.run();
        }
    }

    private void start(Consumer<HttpRouting.Builder> routes) {
        TestServer server = new TestServer(routing -> routes.accept(routing.addFeature(new SojournFeature(sessions))));
        stop = server::close;
        port = server.port();
    }

    private HttpResponse<String> get(String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String[] cookie(HttpResponse<?> received) {
        String set = received.headers().firstValue("Set-Cookie").orElseThrow();
        return new String[] {"Cookie", set.substring(0, set.indexOf(';'))};
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // ---- the README

    @Test
    void the_readme_program_counts_the_views_of_a_client() throws Exception {
        int port = 0;
        WebServer server = WebServer.builder()
                .port(port)
                .routing(routing -> routing.addFeature(new SojournFeature(sessions))
                        .get("/", (request, response) -> {
                            Session session = Sojourn.session(request);
                            Integer views = session.update("views", Integer.class, n -> n == null ? 1 : n + 1);
                            response.send("You have been here " + views + " times\n");
                        }))
                .build()
                .start();

        stop = server::stop;
        this.port = server.port();
        HttpResponse<String> first = get();
        assertThat(first.body()).isEqualTo("You have been here 1 times\n");
        assertThat(get(cookie(first)).body()).isEqualTo("You have been here 2 times\n");
    }

    @Test
    void the_readme_shows_the_program() throws IOException {
        String lines = Quotation.javaBlocks(Path.of("README.md")).get(0);
        String here =
                Files.readString(Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java"));

        assertThat(Quotation.withoutWhitespace(here)).contains(Quotation.withoutWhitespace(lines));
    }

    // ---- mounting

    @Test
    void the_message_without_a_feature_shows_how_to_add_it() throws Exception {
        TestServer server = new TestServer(routing -> routing.any((request, response) -> response.send(
                String.valueOf(catchThrowable(() -> Sojourn.session(request)).getMessage()))));
        stop = server::close;
        port = server.port();

        assertThat(get().body()).contains("routing.addFeature(new SojournFeature(sessions))");
    }

    @Test
    void two_features_over_the_same_sessions_share_one_session() throws Exception {
        start(routing -> routing.addFeature(new SojournFeature(sessions)).any((request, response) -> {
            Sojourn.session(request).set("a", 1);
            response.send("ok");
        }));

        assertThat(get().headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(store.calls()).hasSize(1);
    }

    @Test
    void a_forwarded_or_rerouted_request_keeps_its_session() throws Exception {
        start(routing -> routing.get("/", (request, response) -> {
                    Sojourn.session(request).set("seen", "first");
                    response.next();
                })
                .get("/", (request, response) -> response.reroute("/elsewhere"))
                .get(
                        "/elsewhere",
                        (request, response) -> response.send(
                                String.valueOf(Sojourn.session(request).get("seen", String.class)))));

        HttpResponse<String> received = get();

        assertThat(received.body()).isEqualTo("first");
        assertThat(cookie(received)).isNotEmpty();
    }

    // ---- streams

    @Test
    void changes_between_getting_the_stream_and_its_first_byte_are_saved() throws Exception {
        start(routing -> routing.any((request, response) -> {
            try (OutputStream out = response.outputStream()) {
                Session session = Sojourn.session(request);
                String before = session.get("name", String.class);
                session.set("name", "John");
                out.write(bytes(String.valueOf(before)));
            }
        }));

        HttpResponse<String> first = get();

        assertThat(first.body()).isEqualTo("null");
        assertThat(get(cookie(first)).body()).isEqualTo("John");
    }

    @Test
    void a_handler_that_ignores_the_failure_and_continues_to_write_does_not_hide_it() throws Exception {
        start(routing -> routing.any((request, response) -> {
            OutputStream out = response.outputStream();
            Sojourn.session(request).set("ordered", true);
            for (int i = 0; i < 3; i++) {
                try {
                    out.write(bytes("your order is placed"));
                } catch (SessionException e) {
                    // as a library without error handling does
                }
            }
        }));
        store.failNext(Call.CREATE, Fault.NOT_DONE);

        HttpResponse<String> received = get();

        assertThat(received.statusCode()).isEqualTo(503);
        assertThat(received.body()).startsWith("Sessions are temporarily unavailable. Nothing was saved.");
    }

    @Test
    void a_handler_that_ignores_the_failure_and_returns_without_closing_does_not_hide_it() throws Exception {
        start(routing -> routing.any((request, response) -> {
            OutputStream out = response.outputStream();
            Sojourn.session(request).set("ordered", true);
            assertThat(catchThrowable(() -> out.write('x'))).isInstanceOf(SessionException.class);
        }));
        store.failNext(Call.CREATE, Fault.NOT_DONE);

        HttpResponse<String> received = get();

        assertThat(received.statusCode()).isEqualTo(503);
        assertThat(received.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void a_handler_that_set_a_length_and_ignores_the_failure_does_not_hide_it() throws Exception {
        start(routing -> routing.any((request, response) -> {
            response.contentLength(20);
            OutputStream out = response.outputStream();
            Sojourn.session(request).set("ordered", true);
            assertThat(catchThrowable(() -> out.write(new byte[20]))).isInstanceOf(SessionException.class);
        }));
        store.failNext(Call.CREATE, Fault.NOT_DONE);

        assertThat(get().statusCode()).isEqualTo(503);
    }

    // ---- errors

    @Test
    void an_error_handler_of_the_application_can_use_the_session() throws Exception {
        start(routing -> routing.any((request, response) -> {
                    Sojourn.session(request).set("step", 1);
                    throw new IllegalArgumentException("a test failure");
                })
                .error(IllegalArgumentException.class, (request, response, e) -> {
                    Integer step = Sojourn.session(request).update("step", Integer.class, n -> n == null ? -1 : n + 1);
                    response.status(400).send("step " + step);
                }));

        HttpResponse<String> received = get();

        assertThat(received.statusCode()).isEqualTo(400);
        assertThat(received.body()).isEqualTo("step 2");
        assertThat(cookie(received)).isNotEmpty();
    }

    @Test
    void an_error_handler_for_a_session_exception_replaces_the_default() throws Exception {
        start(routing -> routing.any((request, response) -> {
                    Sojourn.session(request).set("ordered", true);
                    response.send("your order is placed");
                })
                .error(
                        SessionUnavailableException.class,
                        (request, response, e) -> response.status(e.status()).send("please try again later")));
        store.failNext(Call.CREATE, Fault.NOT_DONE);

        HttpResponse<String> received = get();

        assertThat(received.statusCode()).isEqualTo(503);
        assertThat(received.body()).isEqualTo("please try again later");
    }

    @Test
    void an_exception_with_a_status_keeps_it_and_changes_are_saved() throws Exception {
        start(routing -> routing.any((request, response) -> {
            Sojourn.session(request).set("tried", true);
            throw new ForbiddenException("no");
        }));

        HttpResponse<String> received = get();

        assertThat(received.statusCode()).isEqualTo(403);
        assertThat(cookie(received)).isNotEmpty();
    }

    @Test
    void an_exception_of_an_inner_filter_gets_its_response_after_the_save() throws Exception {
        start(routing -> routing.addFilter((chain, request, response) -> {
                    Sojourn.session(request).set("tried", true);
                    throw new ForbiddenException("no");
                })
                .any((request, response) -> response.send("not reached")));

        HttpResponse<String> received = get();

        assertThat(received.statusCode()).isEqualTo(403);
        assertThat(cookie(received)).isNotEmpty();
    }

    @Test
    void a_filter_behind_can_respond_without_proceeding() throws Exception {
        start(routing -> routing.addFilter((chain, request, response) -> {
                    Sojourn.session(request).set("tried", true);
                    response.status(401).send("please sign in");
                })
                .any((request, response) -> response.send("not reached")));

        HttpResponse<String> received = get();

        assertThat(received.statusCode()).isEqualTo(401);
        assertThat(received.body()).isEqualTo("please sign in");
        assertThat(cookie(received)).isNotEmpty();
    }

    @Test
    void a_failed_save_after_an_exception_of_a_filter_is_reported_to_the_client() throws Exception {
        start(routing -> routing.addFilter((chain, request, response) -> {
                    Sojourn.session(request).set("tried", true);
                    throw new ForbiddenException("no");
                })
                .any((request, response) -> response.send("not reached")));
        store.failNext(Call.CREATE, Fault.NOT_DONE);

        assertThat(get().statusCode()).isEqualTo(503);
    }
}
