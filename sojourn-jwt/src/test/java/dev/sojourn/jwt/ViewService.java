package dev.sojourn.jwt;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.SessionView;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.spi.SessionSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A service on the JDK's HTTP server that responds with what a request's view shows, and a client that sends bytes as they
 * are: an HTTP client would refuse or correct hostile ones.
 */
final class ViewService implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final HttpServer server;

    private ViewService(HttpServer server) {
        this.server = server;
    }

    static ViewService start(SessionSource source) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.createContext("/", ViewService::respond).getFilters().add(new SojournFilter(source));
        server.start();
        return new ViewService(server);
    }

    private static void respond(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] text = describe(Sojourn.view(exchange)).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    /** Returns the subject, and each claim that the view has. */
    private static String describe(SessionView view) {
        StringBuilder text = new StringBuilder(String.valueOf(view.subject()));
        for (String name : view.names()) {
            text.append(' ').append(name).append('=').append(view.get(name, Object.class));
        }
        return text.toString();
    }

    /**
     * A response.
     *
     * @param status from the status line
     * @param lines the header lines
     * @param body the body without the final line end
     */
    record Response(int status, List<String> lines, String body) {
        /** Returns the values of all lines of this name, in order. */
        List<String> values(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return lines.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).strip())
                    .toList();
        }
    }

    static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    /** Sends a request with this token. */
    Response get(String token) throws IOException {
        return send("GET", "/", "", bearer(token));
    }

    /** Sends a request with these header lines over a connection of its own. */
    Response send(String method, String path, String body, String... lines) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost:"
                + server.getAddress().getPort() + "\r\nConnection: close\r\n");
        for (String line : lines) {
            head.append(line).append("\r\n");
        }
        if (!body.isEmpty()) {
            head.append("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ")
                    .append(body.length())
                    .append("\r\n");
        }
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write((head + "\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Response parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (!text.startsWith("HTTP/1.1 ") || end < 0) {
            throw new IllegalStateException("no response: " + text);
        }
        List<String> lines = List.of(text.substring(0, end).split("\r\n", -1));
        return new Response(
                Integer.parseInt(lines.get(0).split(" ", 3)[1]),
                lines.subList(1, lines.size()),
                text.substring(end + 4).stripTrailing());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
