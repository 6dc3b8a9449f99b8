package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.proof.site.Wire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NotInstalledTest {
    @Test
    void asking_for_the_session_where_the_filter_is_not_installed_says_exactly_that() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String told = "nothing";
            try {
                Sojourn.session(exchange);
            } catch (IllegalStateException e) {
                told = String.valueOf(e.getMessage());
            }
            byte[] bytes = told.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            assertThat(Wire.send(port, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .body())
                    .contains("no SojournFilter on this context")
                    .contains(".getFilters().add(new SojournFilter(sessions))");
        } finally {
            server.stop(0);
        }
    }
}
