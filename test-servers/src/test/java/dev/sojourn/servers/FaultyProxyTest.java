package dev.sojourn.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
class FaultyProxyTest {

    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(30);

    private static RedisServer server;
    private FaultyProxy proxy;

    @BeforeAll
    static void start() {
        server = RedisServer.start7();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        server.command("FLUSHALL");
        proxy = FaultyProxy.to(server.host(), server.port());
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void the_proxy_counts_connections_and_round_trips() throws IOException {
        try (Resp client = client(LONG)) {
            assertThat(client.call("PING")).isEqualTo("PONG");
            assertThat(client.call("PING")).isEqualTo("PONG");
        }
        assertThat(proxy.connections()).isEqualTo(1);
        assertThat(proxy.roundTrips()).isEqualTo(2);
    }

    @Test
    void large_values_arrive_complete() throws IOException {
        String value = "x".repeat(3_000_000);
        try (Resp client = client(LONG)) {
            client.call("SET", "large", value);
            assertThat(client.call("GET", "large")).isEqualTo(value);
        }
    }

    @Test
    void a_delayed_request_arrives_after_its_client_has_given_up() throws IOException {
        try (Resp client = client(SOON)) {
            proxy.delay(Duration.ofMillis(400));
            assertThatThrownBy(() -> client.call("SET", "a", "late")).isInstanceOf(SocketTimeoutException.class);
            assertThat(server.command("GET", "a")).isNull();
            Await.until(LONG, () -> "late".equals(server.command("GET", "a")), () -> "the request never arrived");
        }
    }

    @Test
    void a_shorter_delay_applies_to_a_request_in_transit() throws IOException {
        try (Resp client = client(LONG)) {
            // One round trip first, so that the delay does not apply to the opening of the connection.
            client.call("PING");
            proxy.delay(Duration.ofHours(1));
            client.send("PING");
            Await.until(LONG, () -> proxy.roundTrips() == 2, () -> "the request has not reached the proxy");
            proxy.pass();
            assertThat(client.read()).isEqualTo("PONG");
        }
    }

    @Test
    void cut_resets_all_connections_and_the_proxy_accepts_new_ones() throws IOException {
        try (Resp client = client(LONG)) {
            client.call("PING");
            proxy.cut();
            assertThatThrownBy(client::read).isInstanceOf(SocketException.class);
        }
        try (Resp client = client(LONG)) {
            assertThat(client.call("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void refuse_keeps_existing_connections_and_refuses_new_ones() throws IOException {
        try (Resp client = client(LONG)) {
            client.call("PING");
            proxy.refuse();
            assertThat(client.call("PING")).isEqualTo("PONG");
            assertThatThrownBy(() -> client(LONG)).isInstanceOf(ConnectException.class);
            proxy.pass();
            try (Resp next = client(LONG)) {
                assertThat(next.call("PING")).isEqualTo("PONG");
            }
        }
    }

    @Test
    void a_blackhole_accepts_connections_and_holds_all_bytes_until_pass() throws IOException {
        try (Resp before = client(SOON)) {
            before.call("PING");
            proxy.blackhole();
            try (Resp during = client(SOON)) {
                assertThatThrownBy(() -> before.call("SET", "a", "1")).isInstanceOf(SocketTimeoutException.class);
                assertThatThrownBy(() -> during.call("SET", "b", "2")).isInstanceOf(SocketTimeoutException.class);
                assertThat(server.command("EXISTS", "a", "b")).isEqualTo(0L);
                proxy.pass();
                Await.until(LONG, () -> Long.valueOf(2).equals(server.command("EXISTS", "a", "b")), () -> "lost");
            }
        }
    }

    @Test
    void a_lost_response_leaves_the_request_executed_and_the_connection_unusable() throws IOException {
        try (Resp client = client(SOON)) {
            client.call("PING");
            proxy.loseResponses();
            assertThatThrownBy(() -> client.call("SET", "a", "1")).isInstanceOf(SocketTimeoutException.class);
            assertThat(server.command("GET", "a")).isEqualTo("1");
            proxy.pass();
            assertThatThrownBy(client::read).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void a_truncated_response_arrives_by_half_and_leaves_the_connection_unusable() throws IOException {
        try (Socket client = new Socket(proxy.host(), proxy.port())) {
            client.setSoTimeout((int) LONG.toMillis());
            proxy.truncateResponses();
            client.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().readNBytes(3)).isEqualTo("+PO".getBytes(StandardCharsets.US_ASCII));
            client.setSoTimeout((int) SOON.toMillis());
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            client.getOutputStream().write("SET a 1\r\n".getBytes(StandardCharsets.US_ASCII));
            Await.until(LONG, () -> "1".equals(server.command("GET", "a")), () -> "the request never arrived");
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            client.setSoTimeout((int) LONG.toMillis());
            proxy.pass();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void half_close_ends_the_responses_while_requests_still_arrive() throws IOException {
        try (Resp client = client(LONG)) {
            client.call("PING");
            proxy.halfClose();
            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
            client.send("SET", "a", "1");
            Await.until(LONG, () -> "1".equals(server.command("GET", "a")), () -> "the request never arrived");
        }
    }

    @Test
    void connections_are_reset_while_the_server_is_down_and_work_after_its_restart() throws IOException {
        server.kill();
        try {
            // The reset may come while the connection is still being opened.
            assertThatThrownBy(this::ping).isInstanceOf(IOException.class);
        } finally {
            server.restart();
        }
        try (Resp client = client(LONG)) {
            assertThat(client.call("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void a_closed_proxy_refuses_connections() {
        proxy.close();
        assertThatThrownBy(() -> client(LONG)).isInstanceOf(ConnectException.class);
        assertThatThrownBy(proxy::pass).isInstanceOf(IllegalStateException.class);
    }

    private void ping() throws IOException {
        try (Resp client = client(LONG)) {
            client.call("PING");
        }
    }

    private Resp client(Duration timeout) throws IOException {
        return Resp.connect(proxy.port(), timeout);
    }
}
