package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spring.sample.SampleApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Checks requests from another device of the local network without TLS. */
@ExtendWith(OutputCaptureExtension.class)
class PlainHttpTest {
    private static String get(int port, String path) throws IOException {
        try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
            connection
                    .getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: laptop.lan\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void the_login_page_reports_that_no_session_can_start_and_the_log_names_the_properties(CapturedOutput output)
            throws Exception {
        try (Application application = Application.start(
                SampleApplication.class,
                beans -> beans.registerBean(SessionStore.class, MemoryStore::new),
                "logging.level.dev.sojourn=warn",
                "sojourn.attributes.types=dev.sojourn.spring.sample.Note")) {
            assertThat(get(application.port(), "/login"))
                    .startsWith("HTTP/1.1 500")
                    .endsWith("\r\n\r\nThe server could not start a session.\n");
        }
        assertThat(output)
                .contains("plain http", "sojourn.trusted-proxies=10.0.0.0/8", "sojourn.cookie.insecure-http=true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.web.error.include-message", "server.error.include-message"})
    void the_page_shows_the_properties_if_error_pages_show_messages(String property, CapturedOutput output)
            throws Exception {
        try (Application application = start(property + "=always")) {
            assertThat(get(application.port(), "/login"))
                    .startsWith("HTTP/1.1 500")
                    .contains("The server could not start a session.\n\n")
                    .contains("plain http", "sojourn.trusted-proxies=10.0.0.0/8", "sojourn.cookie.insecure-http=true")
                    .containsIgnoringCase("Cache-Control: no-store")
                    .containsIgnoringCase("Content-Type: text/plain")
                    .doesNotContain("Set-Cookie", "Exception", "\tat ");
        }
        assertThat(output.getOut().lines().filter(line -> line.contains("responded with 500")))
                .hasSize(1);
    }

    @Test
    void the_page_shows_no_properties_if_error_pages_show_messages_only_on_request() throws Exception {
        try (Application application = start("spring.web.error.include-message=on-param")) {
            assertThat(get(application.port(), "/login?message=true"))
                    .startsWith("HTTP/1.1 500")
                    .endsWith("The server could not start a session.\n");
        }
    }

    private static Application start(String property) {
        return Application.start(
                SampleApplication.class,
                beans -> beans.registerBean(SessionStore.class, MemoryStore::new),
                property,
                "logging.level.dev.sojourn=warn",
                "sojourn.attributes.types=dev.sojourn.spring.sample.Note");
    }

    @Test
    void the_property_that_the_log_names_enables_sessions() throws Exception {
        try (Application application = Application.start(
                SampleApplication.class,
                beans -> beans.registerBean(SessionStore.class, MemoryStore::new),
                "sojourn.cookie.insecure-http=true",
                "sojourn.attributes.types=dev.sojourn.spring.sample.Note")) {
            assertThat(get(application.port(), "/login"))
                    .startsWith("HTTP/1.1 200")
                    .contains("Set-Cookie: id=");
        }
    }
}
