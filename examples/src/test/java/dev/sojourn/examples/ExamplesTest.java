package dev.sojourn.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.servers.PostgresServer;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.tools.CookieClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Starts each example with the command in its README, and compares the output of the README's commands. */
class ExamplesTest {
    private static final Path PARENT = Path.of("../pom.xml");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("examples")
    void an_example_has_the_versions_of_this_build(String name) throws IOException {
        Map<String, String> ours = Poms.versionProperties(PARENT);
        Map<String, String> versions = Poms.versionProperties(Path.of(name, "pom.xml"));

        assertThat(versions.remove("sojourn")).isEqualTo(Poms.versionOf(PARENT));
        assertThat(ours).containsAllEntriesOf(versions);
    }

    @Test
    void the_table_has_each_example() throws IOException {
        String table = Files.readString(Path.of("README.md"));

        assertThat(table.lines().filter(line -> line.startsWith("| [`")).map(line -> line.split("`", -1)[1]))
                .containsExactlyInAnyOrderElementsOf(examples());
    }

    @Test
    void the_script_lists_the_examples_for_an_unknown_name() throws Exception {
        Process script = new ProcessBuilder("./start", "no-such-example").start();

        assertThat(new String(script.getErrorStream().readAllBytes(), UTF_8).strip())
                .isEqualTo("examples/start: name one of: " + String.join(" ", examples()));
        assertThat(script.waitFor()).isEqualTo(1);
    }

    @Test
    void jdk_server() throws Exception {
        replay("jdk-server", Map.of());
    }

    @Test
    void bearer_api() throws Exception {
        replay("bearer-api", Map.of());
    }

    @Test
    void api_javalin_and_the_script_of_its_page() throws Exception {
        try (RedisServer redis = RedisServer.start7();
                RunningExample example = RunningExample.start("api-javalin", Map.of("REDIS_URI", redis.uri()))) {
            replay("api-javalin", example);

            Process script = new ProcessBuilder("node", "src/test/node/page.mjs", "http://localhost:" + example.port())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(script.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo(
                            "not signed in\nalice, customer\nalice, customer\nalice, customer\nsigned out\nnot signed in\n");
        }
    }

    @Test
    void api_spring_boot() throws Exception {
        try (RedisServer redis = RedisServer.start7()) {
            replay("api-spring-boot", Map.of("REDIS_URI", redis.uri()));
        }
    }

    @Test
    void servlet_drop_in() throws Exception {
        replay("servlet-drop-in", Map.of());
    }

    @Test
    void javalin_redis_keeps_the_cart_over_a_restart() throws Exception {
        try (RedisServer redis = RedisServer.start7()) {
            replayWithRestarts("javalin-redis", Map.of("REDIS_URI", redis.uri()));
        }
    }

    @Test
    void spring_boot_postgresql_keeps_users_signed_in_over_a_restart() throws Exception {
        try (PostgresServer postgres = PostgresServer.start18()) {
            replayWithRestarts(
                    "spring-boot-postgresql",
                    Map.of(
                            "DATABASE_URL", postgres.jdbcUrl(),
                            "DATABASE_USER", postgres.user(),
                            "DATABASE_PASSWORD", postgres.password()));
        }
    }

    @Test
    void vertx_websocket() throws Exception {
        replay("vertx-websocket", Map.of());
    }

    @Test
    void a_socket_of_vertx_websocket_closes_at_the_sign_out() throws Exception {
        try (RunningExample example = RunningExample.start("vertx-websocket", Map.of())) {
            URI site = URI.create("http://localhost:" + example.port());
            CookieClient ada = new CookieClient();
            ada.send(HttpRequest.newBuilder(site.resolve("/sign-in?name=Ada")).POST(BodyPublishers.noBody()));
            Received received = new Received();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("Cookie", "__Host-id=" + ada.cookies().get("__Host-id"))
                    .buildAsync(URI.create("ws://localhost:" + example.port() + "/chat"), received)
                    .join();

            socket.sendText("hello", true).join();
            assertThat(received.next()).isEqualTo("Ada: hello");

            ada.send(HttpRequest.newBuilder(site.resolve("/sign-out")).POST(BodyPublishers.noBody()));
            assertThat(received.next()).isEqualTo("closed: signed out");
        }
    }

    private void replay(String name, Map<String, String> environment) throws Exception {
        try (RunningExample example = RunningExample.start(name, environment)) {
            replay(name, example);
        }
    }

    private void replay(String name, RunningExample example) throws Exception {
        for (ShellSession session : ShellSession.in(Path.of(name, "README.md"))) {
            session.replay(example.port(), folder);
        }
    }

    /** Restarts the program for each block of commands. */
    private void replayWithRestarts(String name, Map<String, String> environment) throws Exception {
        List<ShellSession> sessions = ShellSession.in(Path.of(name, "README.md"));
        assertThat(sessions).hasSizeGreaterThan(1);
        for (ShellSession session : sessions) {
            try (RunningExample example = RunningExample.start(name, environment)) {
                session.replay(example.port(), folder);
            }
        }
    }

    static List<String> examples() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of(""))) {
            return folders.filter(example -> Files.exists(example.resolve("pom.xml")))
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    /** Collects the messages and the close event of a WebSocket. */
    private static final class Received implements WebSocket.Listener {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Nullable
        String next() throws InterruptedException {
            return events.poll(30, TimeUnit.SECONDS);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            events.add(text.toString());
            return WebSocket.Listener.super.onText(socket, text, last);
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            events.add("closed: " + reason);
            return null;
        }
    }
}
