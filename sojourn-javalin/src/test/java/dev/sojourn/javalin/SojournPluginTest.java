package dev.sojourn.javalin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.SessionStatus;
import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.tools.Quotation;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Checks kinds of Javalin responses that the adapter contract does not cover. */
class SojournPluginTest {
    private final FaultyStore store = new FaultyStore();
    private final Sessions sessions =
            Sessions.create(c -> c.secret("ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN").store(store));
    private final HttpClient client = HttpClient.newHttpClient();

    /** A server with these routes and one that reads the attribute {@code name}. */
    private final class Server implements AutoCloseable {
        private final Javalin javalin;

        Server(Consumer<JavalinConfig> routes) {
            javalin = Javalin.create(config -> {
                config.startup.showJavalinBanner = false;
                config.jetty.host = "127.0.0.1";
                config.jetty.port = 0;
                config.registerPlugin(new SojournPlugin(sessions));
                config.routes.get(
                        "/name",
                        ctx -> ctx.result(
                                String.valueOf(ctx.with(SojournPlugin.class).get("name", String.class))));
                routes.accept(config);
            });
            javalin.start();
        }

        HttpResponse<String> get(String path, String cookie) throws IOException, InterruptedException {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + javalin.port() + path));
            if (!cookie.isEmpty()) {
                request.header("Cookie", cookie);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }

        HttpResponse<String> post(String path, String cookie, String form) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + javalin.port() + path))
                    .header("Cookie", cookie)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }

        String name(HttpResponse<String> response) throws IOException, InterruptedException {
            return get("/name", cookie(response)).body();
        }

        @Override
        public void close() {
            javalin.stop();
        }
    }

    private static String cookie(HttpResponse<String> response) {
        List<String> cookies = response.headers().allValues("Set-Cookie");
        assertThat(cookies).hasSize(1);
        return cookies.get(0).split(";", 2)[0];
    }

    @Test
    void the_readme_program_counts_the_views_of_a_client() throws Exception {
        // README begin
        Javalin app = Javalin.create(config -> {
            config.registerPlugin(new SojournPlugin(sessions));
            config.routes.get("/", ctx -> {
                Session session = ctx.with(SojournPlugin.class);
                Integer views = session.update("views", Integer.class, n -> n == null ? 1 : n + 1);
                ctx.result("You have been here " + views + " times\n");
            });
        });
        // README end
        app.start("127.0.0.1", 0);
        try {
            URI home = URI.create("http://127.0.0.1:" + app.port() + "/");
            HttpResponse<String> first =
                    client.send(HttpRequest.newBuilder(home).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(first.body()).isEqualTo("You have been here 1 times\n");
            HttpRequest again =
                    HttpRequest.newBuilder(home).header("Cookie", cookie(first)).build();
            assertThat(client.send(again, HttpResponse.BodyHandlers.ofString()).body())
                    .isEqualTo("You have been here 2 times\n");
        } finally {
            app.stop();
        }
    }

    @Test
    void the_endpoints_of_the_guide_report_the_session_and_serve_the_script() throws Exception {
        try (Server server = new Server(config -> {
            config.routes.get("/session", ctx -> Sojourn.send(ctx, SessionStatus.read(Sojourn.session(ctx))));
            config.routes.post("/session", ctx -> Sojourn.send(ctx, SessionStatus.extend(Sojourn.session(ctx))));
            config.routes.get(
                    "/sojourn-session.js", ctx -> Sojourn.send(ctx, SessionStatus.script(ctx.header("If-None-Match"))));
            config.routes.get("/login", ctx -> Sojourn.session(ctx).login("alice"));
        })) {
            String cookie = cookie(server.get("/login", ""));

            HttpResponse<String> status = server.get("/session", cookie);
            assertThat(status.body()).contains("\"signedIn\":true");
            assertThat(status.headers().firstValue("Content-Type")).hasValue("application/json");
            HttpResponse<String> script = server.get("/sojourn-session.js", "");
            assertThat(script.body()).contains("sojournSession");
            assertThat(script.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
        }
    }

    @Test
    void the_readme_shows_the_program() throws IOException {
        Path source = Path.of("src/test/java/dev/sojourn/javalin/SojournPluginTest.java");

        assertThat(Files.readString(Path.of("README.md")))
                .contains(Quotation.linesBetween(source, "// README begin", "// README end"));
    }

    @Test
    void the_head_of_an_event_stream_has_the_cookie_and_later_changes_are_saved() throws Exception {
        try (Server server = new Server(config -> {
            config.routes.before("/events", ctx -> ctx.with(SojournPlugin.class).set("name", "John"));
            config.routes.sse("/events", events -> {
                // Javalin has sent the head by now.
                events.ctx().with(SojournPlugin.class).set("name", "Jane");
                events.sendEvent("hello", "world");
                events.close();
            });
        })) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + server.javalin.port() + "/events"))
                    .header("Accept", "text/event-stream")
                    .build();

            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(response.body()).contains("event: hello").contains("data: world");
            assertThat(server.name(response)).isEqualTo("Jane");
        }
    }

    @Test
    void streams_raw_writes_and_files_are_sent_after_the_save() throws Exception {
        byte[] large = "x".repeat(200_000).getBytes(StandardCharsets.UTF_8);
        try (Server server = new Server(config -> {
            config.routes.get("/stream", ctx -> {
                ctx.with(SojournPlugin.class).set("name", "stream");
                try (OutputStream out = ctx.outputStream()) {
                    out.write(large);
                }
            });
            config.routes.get("/raw", ctx -> {
                ctx.with(SojournPlugin.class).set("name", "raw");
                ctx.res().getWriter().write("written past Javalin");
            });
        })) {
            for (String way : List.of("stream", "raw")) {
                assertThat(server.name(server.get("/" + way, ""))).isEqualTo(way);

                store.failNext(Call.CREATE, Fault.NOT_DONE);
                HttpResponse<String> refused = server.get("/" + way, "");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.body()).doesNotContain("x".repeat(10), "written");
            }
        }
    }

    @Test
    void a_future_is_sent_after_the_save() throws Exception {
        try (Server server = new Server(config -> config.routes.get("/", ctx -> {
            Session session = ctx.with(SojournPlugin.class);
            ctx.future(() -> CompletableFuture.runAsync(() -> {
                session.set("name", "John");
                ctx.result("later");
            }));
        }))) {
            HttpResponse<String> response = server.get("/", "");

            assertThat(response.body()).isEqualTo("later");
            assertThat(server.name(response)).isEqualTo("John");
        }
    }

    @Test
    void session_attributes_of_javalin_are_in_the_same_session() throws Exception {
        try (Server server = new Server(config -> config.routes.get("/", ctx -> {
            ctx.sessionAttribute("name", "John");
            ctx.result("ok");
        }))) {
            assertThat(server.name(server.get("/", ""))).isEqualTo("John");
        }
    }

    @Test
    void an_error_page_has_the_session_that_the_handler_created() throws Exception {
        try (Server server = new Server(config -> {
            config.routes.get("/", ctx -> {
                ctx.with(SojournPlugin.class).set("name", "John");
                throw new IllegalStateException("a page that does not work");
            });
            config.routes.error(500, ctx -> ctx.result("custom page"));
        })) {
            HttpResponse<String> response = server.get("/", "");

            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).isEqualTo("custom page");
            assertThat(server.name(response)).isEqualTo("John");
        }
    }

    @Test
    void the_application_can_respond_when_a_session_is_unavailable() throws Exception {
        try (Server server = new Server(config -> {
            config.routes.exception(SessionException.class, (problem, ctx) -> {
                ctx.status(problem.status());
                ctx.result("custom message");
            });
            config.routes.get(
                    "/",
                    ctx -> ctx.result(String.valueOf(
                            ctx.with(SojournPlugin.class).update("n", Integer.class, n -> n == null ? 1 : n + 1))));
        })) {
            store.failAll();

            HttpResponse<String> response = server.get("/", "");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("custom message");
        }
    }

    @Test
    void a_form_shows_its_csrf_token_in_one_field() throws Exception {
        try (Server server = new Server(config -> {
            config.routes.get("/form", ctx -> {
                Sojourn.session(ctx).login("alice");
                ctx.result(Sojourn.session(ctx).csrfToken());
            });
            config.routes.post("/pay", ctx -> {
                Sojourn.requireCsrfToken(ctx);
                ctx.result(String.valueOf(Sojourn.session(ctx).subject()));
            });
        })) {
            HttpResponse<String> form = server.get("/form", "");
            String field = "_csrf=" + form.body();

            assertThat(server.post("/pay", cookie(form), field).body()).isEqualTo("alice");
            assertThat(server.post("/pay", cookie(form), field + "&" + field).statusCode())
                    .isEqualTo(403);
            assertThat(server.post("/pay", cookie(form), "a=b").statusCode()).isEqualTo(403);
            assertThat(server.post("/pay?" + field, cookie(form), "a=b").statusCode())
                    .isEqualTo(403);
        }
    }
}
