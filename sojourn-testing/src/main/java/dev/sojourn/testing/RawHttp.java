package dev.sojourn.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One connection to a server on this machine, so plain that a test sees every line that came, in order and as often as it
 * came. Understands fixed lengths, chunks, and the end of the connection.
 */
final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    /** How long nothing must come to count as silence. Too short can only hide a fault, never find a false one. */
    private static final int SILENCE_MILLIS = 150;

    private final int port;
    private final Socket socket;
    private final InputStream in;
    private boolean withinChunks;

    private RawHttp(int port, Socket socket) throws IOException {
        this.port = port;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static RawHttp connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return new RawHttp(port, socket);
    }

    /**
     * What came.
     *
     * @param status from the status line
     * @param headers the header lines as they came
     * @param body without the framing
     * @param complete false if the connection ended before the message did
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a record
    record Response(int status, List<String> headers, byte[] body, boolean complete) {
        /** The values of all lines of this name, in order. */
        List<String> all(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).trim())
                    .toList();
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return status + " " + headers + (complete ? " " : " truncated ") + body.length + " bytes";
        }
    }

    /** Sends a request of these header lines. */
    void send(String method, String path, String... headers) throws IOException {
        StringBuilder request =
                new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        request.append("Host: 127.0.0.1:").append(port).append("\r\n");
        for (String line : headers) {
            request.append(line).append("\r\n");
        }
        request.append("\r\n");
        socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    Response answer(String method) throws IOException {
        ResponseHead head = head();
        return body(method, head);
    }

    /** The head of an answer, before its body. */
    record ResponseHead(int status, List<String> lines) {
        Response with(byte[] body, boolean complete) {
            return new Response(status, lines, body, complete);
        }
    }

    ResponseHead head() throws IOException {
        String first = line();
        if (!first.startsWith("HTTP/1.1 ")) {
            throw new IOException("not a status line, but what an answer before it left over: " + first);
        }
        String[] status = first.split(" ", 3);
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            lines.add(line);
        }
        return new ResponseHead(Integer.parseInt(status[1]), List.copyOf(lines));
    }

    Response body(String method, ResponseHead head) throws IOException {
        Response bare = head.with(new byte[0], true);
        if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
            return bare;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean complete = true;
        try {
            if (bare.all("Transfer-Encoding").contains("chunked")) {
                chunks(body);
            } else if (!bare.all("Content-Length").isEmpty()) {
                copy(Integer.parseInt(bare.all("Content-Length").get(0)), body);
            } else {
                in.transferTo(body);
            }
        } catch (EOFException | SocketException e) {
            complete = false;
        }
        return head.with(body.toByteArray(), complete);
    }

    private void chunks(ByteArrayOutputStream body) throws IOException {
        while (nextChunk(body) > 0) {
            // until the empty one
        }
    }

    /** Reads one chunk; 0 for the last one. Jetty sends the line end behind a chunk with the next one. */
    int nextChunk(ByteArrayOutputStream body) throws IOException {
        if (withinChunks) {
            line();
        }
        int length = Integer.parseInt(line().split(";", 2)[0].trim(), 16);
        copy(length, body);
        withinChunks = length > 0;
        if (!withinChunks) {
            line();
        }
        return length;
    }

    private void copy(int length, ByteArrayOutputStream body) throws IOException {
        byte[] bytes = in.readNBytes(length);
        body.writeBytes(bytes);
        if (bytes.length < length) {
            throw new EOFException("the connection ended within a body");
        }
    }

    /** Whether nothing comes for a moment. */
    boolean isSilent() throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        in.mark(1);
        try {
            in.read();
            in.reset();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended where a line was expected");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
