package dev.sojourn.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo as a process, and what its environment may say. */
@Timeout(60)
final class StartingTheDemoTest {
    @Test
    void it_prints_its_address_and_ends_when_told_to() throws Exception {
        Process demo = start("0", "");
        try (BufferedReader out = demo.inputReader(UTF_8)) {
            assertThat(out.readLine()).contains("random secret", "SESSION_SECRET");
            String address = out.readLine().replaceFirst(".*(http://localhost:[0-9]+).*", "$1");
            var page = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(address + "/")).build(), BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            // The handle's destroy leaves the streams open, the process's own does not.
            demo.toHandle().destroy();
            assertThat(demo.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(out.readLine()).as("nothing else is printed").isNull();
        } finally {
            demo.destroyForcibly();
        }
    }

    @Test
    void a_taken_port_is_told_in_one_line() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(failure(String.valueOf(taken.getLocalPort()), ""))
                    .startsWith("demo: port " + taken.getLocalPort() + " cannot be had")
                    .contains("PORT=");
        }
    }

    @Test
    void a_bad_port_or_secret_is_told_in_one_line() throws Exception {
        assertThat(failure("eighty", "")).contains("PORT", "eighty");
        assertThat(failure("70000", "")).contains("65535");
        assertThat(failure("0", "short")).contains("32").doesNotContain("short,");
    }

    @Test
    void without_an_environment_there_are_defaults() {
        Settings settings = Settings.from(Map.of());
        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.secretIsOurs()).isTrue();
        assertThat(settings.secret()).isNotEqualTo(Settings.from(Map.of()).secret());
        assertThat(settings.toString()).doesNotContain(settings.secret());
        assertThatThrownBy(() -> Settings.from(Map.of("PORT", "-1"))).hasMessageContaining("-1");
    }

    private static String failure(String port, String secret) throws IOException, InterruptedException {
        Process demo = start(port, secret);
        try (BufferedReader err = demo.errorReader(UTF_8)) {
            String line = err.readLine();
            assertThat(err.readLine()).as("a second line").isNull();
            assertThat(demo.waitFor()).isEqualTo(1);
            return line;
        } finally {
            demo.destroyForcibly();
        }
    }

    private static Process start(String port, String secret) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Demo.class.getName());
        builder.environment().put("PORT", port);
        builder.environment().put("SESSION_SECRET", secret);
        return builder.start();
    }
}
