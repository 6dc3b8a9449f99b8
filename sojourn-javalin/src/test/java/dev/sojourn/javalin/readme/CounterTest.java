package dev.sojourn.javalin.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Sessions;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks the program and the responses that the project's README.md shows. */
class CounterTest {
    private static final Path README = Path.of("../README.md");
    private static final Pattern COOKIE = Pattern.compile("Set-Cookie: (__Host-id=[^;]+);");

    @Test
    void the_readme_shows_the_responses_of_its_program() throws IOException {
        Javalin app = Counter.start(Sessions.create(c -> c.secret("ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN")), 0);
        try {
            String first = get(app.port(), "");
            Matcher cookie = COOKIE.matcher(first);
            assertThat(cookie.find()).as(first).isTrue();
            String second = get(app.port(), "Cookie: " + cookie.group(1) + "\r\n");

            assertThat(second).endsWith("views: 2\n");
            assertThat(withoutVariableParts(Files.readString(README)))
                    .contains(withoutVariableParts(first), withoutVariableParts(second));
        } finally {
            app.stop();
        }
    }

    private static String withoutVariableParts(String text) {
        return text.replaceAll("Date: .* GMT", "Date: -").replaceAll("__Host-id=[\\w.-]+", "__Host-id=-");
    }

    private static String get(int port, String header) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request =
                    "GET / HTTP/1.1\r\nHost: localhost:" + port + "\r\n" + header + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return response.replace("\r\n", "\n").replace("Connection: close\n", "");
        }
    }
}
