package dev.sojourn.servers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks the Redis protocol (RESP2). Bytes are represented as ISO 8859-1 text, which is lossless. Not safe
 * for use by several threads.
 */
final class Resp implements Closeable {

    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private final Socket socket;
    private final InputStream in;

    private Resp(Socket socket, InputStream in) {
        this.socket = socket;
        this.in = in;
    }

    static Resp connect(int port, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) timeout.toMillis());
            return new Resp(socket, new BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends a command and returns the reply: a String, a Long, a List of these, or null. */
    @Nullable
    Object call(String... command) throws IOException {
        send(command);
        return read();
    }

    void send(String... command) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("*" + command.length + "\r\n").getBytes(BYTES));
        for (String part : command) {
            request.writeBytes(("$" + part.length() + "\r\n" + part + "\r\n").getBytes(BYTES));
        }
        socket.getOutputStream().write(request.toByteArray());
    }

    @Nullable
    Object read() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> list(Integer.parseInt(rest));
            case '-' -> throw new ServerException("Redis refused: " + rest);
            default -> throw new IOException("not a Redis reply: " + line);
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private @Nullable String bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("Redis closed the connection");
        }
        line();
        return new String(bytes, BYTES);
    }

    private @Nullable List<@Nullable Object> list(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> list = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            list.add(read());
        }
        return list;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("Redis closed the connection");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(BYTES);
    }
}
