package dev.sojourn.express.cases;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sends one request on a separate connection and reads the whole response, which is short. */
final class Http {
    private Http() {}

    record Message(int status, List<String> headers, String body) {}

    /**
     * Sends a request and reads the response. Reads nothing before the request is served, so that a test can check whether
     * anything has arrived until then.
     */
    static Message send(Socket socket, String request, CountDownLatch served) throws IOException {
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        try {
            if (!served.await(30, TimeUnit.SECONDS)) {
                throw new IOException("the request was not served within 30 s");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
    }

    private static Message parse(String text) throws IOException {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Message(0, List.of(), "");
        }
        List<String> lines = List.of(text.substring(0, end).split("\r\n", -1));
        List<String> headers = lines.subList(1, lines.size());
        String body = text.substring(end + 4);
        boolean chunked = headers.stream().anyMatch(line -> line.equalsIgnoreCase("Transfer-Encoding: chunked"));
        return new Message(Integer.parseInt(lines.get(0).substring(9, 12)), headers, chunked ? dechunk(body) : body);
    }

    private static String dechunk(String body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < body.length()) {
            int line = body.indexOf("\r\n", at);
            int length = Integer.parseInt(body.substring(at, line), 16);
            out.write(body.substring(line + 2, line + 2 + length).getBytes(StandardCharsets.ISO_8859_1));
            at = line + 4 + length;
            if (length == 0) {
                break;
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
