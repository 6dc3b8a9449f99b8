package dev.sojourn.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.SessionWatch;
import dev.sojourn.Sessions;
import dev.sojourn.tools.Quotation;
import example.Counter;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks that README.md shows code that is compiled and run here. */
class ReadmeTest {
    private final Vertx vertx = Vertx.vertx();
    private final Sessions sessions = Sessions.create(c -> c.secret(TestServer.SECRET));
    private int port;

    @AfterEach
    void stop() {
        Futures.await(vertx.close());
    }

    private void exact(Router router) {
        router.get("/exact")
                .respond(ctx -> Sojourn.session(ctx)
                        .compose(session -> vertx.executeBlocking(
                                () -> session.update("views", Integer.class, n -> n == null ? 1 : n + 1))));
    }

    @SuppressWarnings("NullAway") // a null that the README does not check: every user in the chat has a name
    static void chat(Vertx vertx, SessionWatch watch, RoutingContext ctx) {
        Sojourn.session(ctx)
                .map(Session::toDetached) // throws if there is no such session yet
                .compose(session -> ctx.request().toWebSocket().onSuccess(socket -> {
                    SessionWatch.Registration watching =
                            watch.watch(session, () -> socket.close((short) 1008, "signed out"));
                    socket.closeHandler(closed -> watching.close());
                    socket.textMessageHandler(text -> vertx.executeBlocking(() -> {
                                session.touch();
                                return session.use(each -> each.get("name", String.class));
                            })
                            .onSuccess(name -> socket.writeTextMessage(name + " says " + text)));
                }))
                .onFailure(ctx::fail);
    }

    @Test
    void the_program_counts_the_views_of_a_client() throws Exception {
        port = Futures.await(Counter.serve(vertx, sessions, 0)).actualPort();

        HttpResponse<String> first = get("/", "");
        assertThat(first.body()).isEqualTo("You have been here 1 times\n");
        assertThat(get("/", TestServer.cookie(first)).body()).isEqualTo("You have been here 2 times\n");
    }

    @Test
    void an_exact_count_needs_a_worker() throws Exception {
        Router router = Router.router(vertx);
        exact(router);
        port = Futures.await(vertx.createHttpServer()
                        .requestHandler(SojournHandler.create(sessions, router))
                        .listen(0, "localhost"))
                .actualPort();

        HttpResponse<String> first = get("/exact", "");
        assertThat(first.body()).isEqualTo("1");
        assertThat(get("/exact", TestServer.cookie(first)).body()).isEqualTo("2");
    }

    private HttpResponse<String> get(String path, String cookie) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Cookie", cookie)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    @Test
    void the_readme_shows_these_lines() throws IOException {
        Path folder = Path.of("src/test/java");
        String source = Quotation.withoutWhitespace(Files.readString(folder.resolve("example/Counter.java"))
                + Files.readString(folder.resolve("dev/sojourn/vertx/ReadmeTest.java")));
        List<String> shown = Quotation.javaBlocks(Path.of("README.md"));

        assertThat(shown)
                .hasSizeGreaterThan(2)
                .allSatisfy(block -> assertThat(source).contains(Quotation.withoutWhitespace(block)));
    }
}
