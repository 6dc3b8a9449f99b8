package dev.sojourn.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A page of another origin, on a port of its own, with a form that posts to the demo. The browser sends the demo's cookie with it,
 * because the host is the same, and Sojourn refuses the request.
 */
final class ForeignPage implements AutoCloseable {
    private final HttpServer http;
    private volatile String target = "";

    private ForeignPage(HttpServer http) {
        this.http = http;
    }

    static ForeignPage start() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ForeignPage page = new ForeignPage(http);
        http.createContext("/", page::respond);
        http.start();
        return page;
    }

    /** Sets the address of the demo. */
    void target(String address) {
        target = address;
    }

    String address() {
        return "http://localhost:" + http.getAddress().getPort();
    }

    private void respond(HttpExchange exchange) throws IOException {
        byte[] page = page().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, page.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(page);
        }
    }

    private String page() {
        return """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark"><title>You have won a prize</title>
                <style>body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem }
                button { font: inherit; padding: .6rem 1.2rem }</style></head>
                <body>
                <h1>You have won a prize</h1>
                <p>This page is at %1$s, another origin than the demo. Its button sends a form to the demo that would change your mail
                address, together with your cookie. Sojourn responds with 403.</p>
                <form method="post" action="%2$s/account/mail">
                <input type="hidden" name="mail" value="mallory@example.org">
                <button type="submit">Get the prize</button>
                </form>
                <p><a href="%2$s/account">Back to your account</a></p>
                </body>
                </html>
                """.formatted(address(), target);
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
