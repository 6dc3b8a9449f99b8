package dev.sojourn.histories;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends each request once, on a new connection. A client that repeats requests automatically, as many libraries do, would hide
 * the failures that these tests look for.
 */
final class Http {
    private static final int TIMEOUT_MILLIS = 12_000;
    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

    private Http() {}

    /** Thrown when nothing was sent. */
    static final class NotSent extends IOException {
        private static final long serialVersionUID = 1L;

        NotSent(IOException cause) {
            super("no connection: " + cause.getMessage(), cause);
        }
    }

    /**
     * A complete response.
     *
     * @param status the status
     * @param headers the header lines
     * @param body the body
     */
    record Response(int status, List<String> headers, String body) {
        /** Returns all values of a header. */
        List<String> values(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .toList();
        }
    }

    /**
     * Sends a request with a cookie, or without one if it is null.
     *
     * @throws NotSent if nothing was sent
     * @throws IOException if no complete response arrived
     */
    static Response send(int port, String method, String target, @Nullable String cookie) throws IOException {
        return sendWithHeaders(port, method, target, cookie == null ? List.of() : List.of("Cookie: " + cookie));
    }

    /**
     * Sends a request.
     *
     * @param headers further header lines
     * @throws NotSent if nothing was sent
     * @throws SocketTimeoutException if the node did not respond in time, and may still handle the request
     * @throws IOException if no complete response arrived
     */
    static Response sendWithHeaders(int port, String method, String target, List<String> headers) throws IOException {
        String head = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n"
                + headers.stream().map(line -> line + "\r\n").collect(Collectors.joining())
                + (method.equals("POST") ? "Content-Length: 0\r\n" : "") + "\r\n";
        try (Socket socket = new Socket()) {
            try {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MILLIS);
            } catch (IOException e) {
                throw new NotSent(e);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            return read(socket.getInputStream());
        }
    }

    private static Response read(InputStream in) throws IOException {
        byte[] bytes = in.readAllBytes();
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("the response ended in its head");
        }
        List<String> lines = new ArrayList<>(List.of(text.substring(0, end).split("\r\n", -1)));
        String first = lines.remove(0);
        Response response = new Response(Integer.parseInt(first.split(" ", -1)[1]), lines, text.substring(end + 4));
        Optional<String> length = response.values("Content-Length").stream().findFirst();
        if (length.isPresent()
                && response.body().getBytes(StandardCharsets.UTF_8).length < Integer.parseInt(length.get())) {
            throw new IOException("the response ended in its body");
        }
        return response;
    }
}
