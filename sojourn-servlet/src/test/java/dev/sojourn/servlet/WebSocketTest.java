package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionWatch;
import dev.sojourn.Sessions;
import dev.sojourn.servlet.readme.Sockets;
import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Checks a WebSocket that lives as long as the session of its handshake. */
class WebSocketTest {
    private static final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private static final SessionWatch watch = SessionWatch.every(Duration.ofMillis(200), executor);
    private static Site site;

    @BeforeAll
    static void start() throws Exception {
        site = new Site(null, new dev.sojourn.SessionListener() {}, options -> {}, new Site.Surroundings() {
            @Override
            public void after(ServletContext context, Sessions sessions) {
                ServerContainer sockets =
                        (ServerContainer) context.getAttribute("jakarta.websocket.server.ServerContainer");
                try {
                    sockets.addEndpoint(ServerEndpointConfig.Builder.create(Sockets.class, "/socket")
                            .configurator(new HandshakeWithWatch())
                            .build());
                } catch (DeploymentException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        site.setPage("/login", (request, response) -> {
            request.getSession().setAttribute("n", 1);
            Sojourn.session(request).login("alice");
        });
        site.setPage(
                "/messages",
                (request, response) ->
                        response.getWriter().print(Sojourn.session(request).get("messages", Integer.class)));
    }

    @AfterAll
    static void stop() {
        watch.close();
        executor.shutdownNow();
        site.close();
    }

    private static final class HandshakeWithWatch extends Sockets.Handshake {
        @Override
        public <T> T getEndpointInstance(Class<T> type) {
            return type.cast(new Sockets(watch));
        }
    }

    private static final class Client implements WebSocket.Listener {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            texts.add(text.toString());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            texts.add("closed " + code);
            return null;
        }

        @Nullable
        String next() throws InterruptedException {
            return texts.poll(30, TimeUnit.SECONDS);
        }
    }

    private static WebSocket open(Client client, @Nullable String cookie) {
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        if (cookie != null) {
            builder.header("Cookie", "__Host-id=" + cookie);
        }
        return builder.buildAsync(URI.create("ws://127.0.0.1:" + site.port() + "/socket"), client)
                .join();
    }

    @Test
    void messages_use_the_session_of_the_handshake_until_another_node_ends_it() throws Exception {
        Browser browser = site.browser();
        browser.get("/login");
        Client client = new Client();
        WebSocket socket = open(client, browser.cookie());
        socket.sendText("hello", true).join();
        assertThat(client.next()).isEqualTo("hello 1");
        socket.sendText("again", true).join();
        assertThat(client.next()).isEqualTo("again 2");
        assertThat(browser.get("/messages").text()).isEqualTo("2");

        Sessions otherNode = site.otherNode();
        otherNode.of("alice").endAll();

        assertThat(client.next()).isEqualTo("closed 1008");
        assertThat(browser.get("/messages").text()).isEqualTo("null");
    }

    @Test
    void a_handshake_without_a_session_is_closed() throws Exception {
        Client client = new Client();
        open(client, null);

        assertThat(client.next()).isEqualTo("closed 1008");
    }
}
