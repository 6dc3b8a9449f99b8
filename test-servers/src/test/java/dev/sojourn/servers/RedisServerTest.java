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
    void both_versions_start_and_respond() {
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
    void the_server_counts_commands_and_resets_the_counters() {
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
    void commands_of_clients_and_of_scripts_are_listed_separately() {
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
    void a_paused_server_keeps_connections_and_responds_after_it_resumes() throws IOException {
        try (RedisServer server = RedisServer.start7();
                Resp connection = Resp.connect(server.port(), Duration.ofMillis(200))) {
            server.pause();
            assertThatThrownBy(() -> connection.call("PING")).isInstanceOf(SocketTimeoutException.class);
            server.resume();
            assertThat(connection.read()).isEqualTo("PONG");
        }
    }

    @Test
    void a_killed_server_refuses_connections_and_restarts_empty_on_the_same_port() {
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
    void a_durable_server_keeps_its_data_after_a_kill_and_after_a_stop() {
        try (RedisServer server = RedisServer.startDurable()) {
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
    void a_dump_contains_every_byte_of_a_value() {
        String value = "compressible".repeat(100);
        try (RedisServer server = RedisServer.start7();
                RedisServer durable = RedisServer.startDurable()) {
            server.command("SET", "a", value);
            durable.command("SET", "a", value);
            assertThat(new String(server.dump(), StandardCharsets.ISO_8859_1)).contains(value);
            assertThat(new String(durable.dump(), StandardCharsets.ISO_8859_1)).contains(value);
        }
    }

    @Test
    void options_for_a_password_and_a_user_take_effect() throws IOException {
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
    void a_client_that_trusts_the_certificate_connects_with_tls() throws Exception {
        try (RedisServer server = RedisServer.startTls();
                Socket socket = contextTrusting(server.certificate())
                        .getSocketFactory()
                        .createSocket("127.0.0.1", URI.create(server.tlsUri()).getPort())) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(5)).asString().isEqualTo("+PONG");
        }
    }

    @Test
    void the_exception_for_a_server_that_does_not_start_contains_its_log() {
        assertThatThrownBy(() -> RedisServer.start7("--no-such-option", "x"))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("no-such-option");
    }

    @Test
    void close_ends_the_process() {
        RedisServer server = RedisServer.start7();
        server.close();
        assertThat(server.isAlive()).isFalse();
        server.close();
    }

    private static SSLContext contextTrusting(Path certificate) throws Exception {
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
