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
 * One connection to a server on this machine. A test sees every header line in the order in which it arrives, repeated
 * lines included. Supports bodies of fixed length, chunked bodies, and bodies that end with the connection.
 */
final class RawHttp implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;
    /** How long a silent connection stays silent. Too short a time can hide an error, but never reports a false one. */
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
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        return new RawHttp(port, socket);
    }

    /**
     * A response.
     *
     * @param status from the status line
     * @param headers the header lines as they arrived
     * @param body without the framing
     * @param complete false if the connection ended before the message did
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a record
    record Response(int status, List<String> headers, byte[] body, boolean complete) {
        /** Returns the values of all lines of this name, in order. */
        List<String> values(String name) {
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

    /** The head of a response, before its body. */
    record ResponseHead(int status, List<String> lines) {
        Response with(byte[] body, boolean complete) {
            return new Response(status, lines, body, complete);
        }
    }

    /** Sends a request with these header lines. */
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

    /** Reads the response to a request of this method. */
    Response readResponse(String method) throws IOException {
        ResponseHead head = readHead();
        return readBody(method, head);
    }

    ResponseHead readHead() throws IOException {
        String first = readLine();
        if (!first.startsWith("HTTP/1.1 ")) {
            throw new IOException("expected a status line, found the rest of an earlier response: " + first);
        }
        String[] status = first.split(" ", 3);
        List<String> lines = new ArrayList<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            lines.add(line);
        }
        return new ResponseHead(Integer.parseInt(status[1]), List.copyOf(lines));
    }

    Response readBody(String method, ResponseHead head) throws IOException {
        Response bare = head.with(new byte[0], true);
        if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
            return bare;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean complete = true;
        try {
            if (bare.values("Transfer-Encoding").contains("chunked")) {
                readChunks(body);
            } else if (!bare.values("Content-Length").isEmpty()) {
                copy(Integer.parseInt(bare.values("Content-Length").get(0)), body);
            } else {
                in.transferTo(body);
            }
        } catch (EOFException | SocketException e) {
            complete = false;
        }
        return head.with(body.toByteArray(), complete);
    }

    private void readChunks(ByteArrayOutputStream body) throws IOException {
        while (readChunk(body) > 0) {
            // until the empty chunk
        }
    }

    /** Reads one chunk and returns its length, 0 for the last one. Jetty sends the line end after a chunk with the next one. */
    int readChunk(ByteArrayOutputStream body) throws IOException {
        if (withinChunks) {
            readLine();
        }
        int length = Integer.parseInt(readLine().split(";", 2)[0].trim(), 16);
        copy(length, body);
        withinChunks = length > 0;
        if (!withinChunks) {
            readLine();
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

    /** Returns whether nothing arrives for a moment. */
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
            socket.setSoTimeout(TIMEOUT_MILLIS);
        }
    }

    private String readLine() throws IOException {
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
