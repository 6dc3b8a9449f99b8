package dev.sojourn.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

class RedisServerTest {

    @Test
    void both_versions_start_and_answer() {
        try (RedisServer seven = RedisServer.start7();
                RedisServer six = RedisServer.start62()) {
            assertThat(seven.info("redis_version")).isEqualTo("7.0.15");
            assertThat(six.info("redis_version")).isEqualTo("6.2.11");
            assertThat(seven.uri()).isEqualTo("redis://" + seven.host() + ":" + seven.port());
            assertThat(seven.command("SET", "a", "1")).isEqualTo("OK");
            assertThat(six.command("GET", "a")).isNull();
            assertThat(seven.usedMemory()).isPositive();
        }
    }

    @Test
    void it_counts_what_ran_and_starts_over() {
        try (RedisServer server = RedisServer.start7()) {
            server.command("SET", "a", "1");
            server.command("EVAL", "return redis.call('get', KEYS[1])", "1", "a");
            assertThat(server.calls("set")).isEqualTo(1);
            assertThat(server.calls("get")).isEqualTo(1);
            server.resetStats();
            assertThat(server.calls()).isEmpty();
        }
    }

    @Test
    void what_clients_send_is_told_from_what_scripts_call() {
        try (RedisServer server = RedisServer.start7()) {
            RedisCommands commands = server.commandsDuring(() -> {
                server.command("SET", "a", "1");
                server.command("EVAL", "return redis.call('get', KEYS[1])", "1", "a");
            });
            assertThat(commands.byClients()).containsExactly("set", "eval");
            assertThat(commands.byScripts()).containsExactly("get");
        }
    }

    @Test
    void a_paused_server_keeps_connections_and_answers_after_it_goes_on() throws IOException {
        try (RedisServer server = RedisServer.start7();
                Resp connection = Resp.connect(server.port(), Duration.ofMillis(200))) {
            server.pause();
            assertThatThrownBy(() -> connection.call("PING")).isInstanceOf(SocketTimeoutException.class);
            server.resume();
            assertThat(connection.read()).isEqualTo("PONG");
        }
    }

    @Test
    void a_killed_server_refuses_and_comes_back_empty_on_its_port() {
        try (RedisServer server = RedisServer.start7()) {
            server.command("SET", "a", "1");
            server.dump();
            server.kill();
            assertThatThrownBy(() -> server.command("PING")).isInstanceOf(ServerException.class);
            server.restart();
            assertThat(server.command("GET", "a")).isNull();
        }
    }

    @Test
    void a_durable_server_keeps_its_data_over_a_kill_and_a_stop() {
        try (RedisServer server = RedisServer.durable()) {
            server.command("SET", "a", "1");
            server.kill();
            server.restart();
            assertThat(server.command("GET", "a")).isEqualTo("1");
            server.stop();
            server.restart();
            assertThat(server.command("GET", "a")).isEqualTo("1");
        }
    }

    @Test
    void a_dump_shows_every_byte_of_a_value() {
        String value = "compressible".repeat(100);
        try (RedisServer server = RedisServer.start7();
                RedisServer durable = RedisServer.durable()) {
            server.command("SET", "a", value);
            durable.command("SET", "a", value);
            assertThat(new String(server.dump(), StandardCharsets.ISO_8859_1)).contains(value);
            assertThat(new String(durable.dump(), StandardCharsets.ISO_8859_1)).contains(value);
        }
    }

    @Test
    void a_password_and_a_user_pass_through() throws IOException {
        try (RedisServer server =
                        RedisServer.start7("--requirepass", "p1", "--user", "app", "on", ">p2", "~s:*", "+@all");
                Resp stranger = Resp.connect(server.port(), Duration.ofSeconds(5));
                Resp user = Resp.connect(server.port(), Duration.ofSeconds(5))) {
            assertThat(server.command("PING")).isEqualTo("PONG");
            assertThatThrownBy(() -> stranger.call("PING")).hasMessageContaining("NOAUTH");
            assertThat(user.call("AUTH", "app", "p2")).isEqualTo("OK");
            assertThatThrownBy(() -> user.call("GET", "other")).hasMessageContaining("NOPERM");
        }
    }

    @Test
    void it_speaks_tls_under_a_certificate_that_can_be_trusted() throws Exception {
        try (RedisServer server = RedisServer.startTls();
                Socket socket = trusting(server.certificate())
                        .getSocketFactory()
                        .createSocket("127.0.0.1", URI.create(server.tlsUri()).getPort())) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(5)).asString().isEqualTo("+PONG");
        }
    }

    @Test
    void a_server_that_does_not_start_shows_its_log() {
        assertThatThrownBy(() -> RedisServer.start7("--no-such-option", "x"))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("no-such-option");
    }

    @Test
    void closing_ends_the_process() {
        RedisServer server = RedisServer.start7();
        server.close();
        assertThat(server.alive()).isFalse();
        server.close();
    }

    private static SSLContext trusting(Path certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
