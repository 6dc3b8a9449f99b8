package dev.sojourn.undertow;

import io.undertow.io.IoCallback;
import io.undertow.io.Receiver;
import io.undertow.io.Sender;
import io.undertow.server.BlockingHttpExchange;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;

/** A sender that moves a response from an IO thread to a worker if its session must be saved first. */
final class SessionSender implements Sender {
    private final Sender sender;
    private final RequestSession requestSession;

    private SessionSender(Sender sender, RequestSession requestSession) {
        this.sender = sender;
        this.requestSession = requestSession;
    }

    /** Installs a sender. An exchange returns another sender only if it is given other streams. */
    static void install(HttpServerExchange exchange, RequestSession requestSession) {
        Sender sender = new SessionSender(exchange.getResponseSender(), requestSession);
        Receiver receiver = exchange.getRequestReceiver();
        exchange.startBlocking();
        exchange.startBlocking(new Streams(exchange.startBlocking(), sender, receiver));
    }

    private static final class Streams implements BlockingHttpExchange {
        private final BlockingHttpExchange streams;
        private final Sender sender;
        private final Receiver receiver;
        private boolean used;

        Streams(BlockingHttpExchange streams, Sender sender, Receiver receiver) {
            this.streams = streams;
            this.sender = sender;
            this.receiver = receiver;
        }

        @Override
        public InputStream getInputStream() {
            used = true;
            return streams.getInputStream();
        }

        @Override
        public OutputStream getOutputStream() {
            used = true;
            return streams.getOutputStream();
        }

        @Override
        public Sender getSender() {
            return sender;
        }

        @Override
        public Receiver getReceiver() {
            return receiver;
        }

        @Override
        public void close() throws IOException {
            if (used) {
                streams.close();
            }
        }
    }

    @Override
    public void send(ByteBuffer bytes, IoCallback callback) {
        requestSession.send(() -> sender.send(bytes, callback));
    }

    @Override
    public void send(ByteBuffer[] bytes, IoCallback callback) {
        requestSession.send(() -> sender.send(bytes, callback));
    }

    @Override
    public void send(ByteBuffer bytes) {
        requestSession.send(() -> sender.send(bytes));
    }

    @Override
    public void send(ByteBuffer[] bytes) {
        requestSession.send(() -> sender.send(bytes));
    }

    @Override
    public void send(String text, IoCallback callback) {
        requestSession.send(() -> sender.send(text, callback));
    }

    @Override
    public void send(String text, Charset charset, IoCallback callback) {
        requestSession.send(() -> sender.send(text, charset, callback));
    }

    @Override
    public void send(String text) {
        requestSession.send(() -> sender.send(text));
    }

    @Override
    public void send(String text, Charset charset) {
        requestSession.send(() -> sender.send(text, charset));
    }

    @Override
    public void transferFrom(FileChannel source, IoCallback callback) {
        requestSession.send(() -> sender.transferFrom(source, callback));
    }

    @Override
    public void close(IoCallback callback) {
        requestSession.send(() -> sender.close(callback));
    }

    @Override
    public void close() {
        requestSession.send(sender::close);
    }
}
