package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.proof.site.RawHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FilterNotInstalledTest {
    @Test
    void the_exception_without_the_filter_names_the_missing_filter_and_the_fix() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String message = "nothing";
            try {
                Sojourn.session(exchange);
            } catch (IllegalStateException e) {
                message = String.valueOf(e.getMessage());
            }
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            assertThat(RawHttp.send(port, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .body())
                    .contains("no SojournFilter on this context")
                    .contains(".getFilters().add(new SojournFilter(sessions))");
        } finally {
            server.stop(0);
        }
    }
}
