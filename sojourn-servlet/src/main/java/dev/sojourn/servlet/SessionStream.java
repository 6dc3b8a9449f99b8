package dev.sojourn.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** A stream that saves the session before it passes the first byte to the container's stream. */
final class SessionStream extends ServletOutputStream {
    private final ServletOutputStream out;
    private final RequestSession requestSession;

    SessionStream(ServletOutputStream out, RequestSession requestSession) {
        this.out = out;
        this.requestSession = requestSession;
    }

    @Override
    public void write(int one) throws IOException {
        if (requestSession.saveBeforeBody()) {
            out.write(one);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (requestSession.saveBeforeBody()) {
            out.write(bytes, from, length);
        }
    }

    @Override
    public void flush() throws IOException {
        if (requestSession.saveBeforeBody()) {
            out.flush();
        }
    }

    /** Saves changes made after the head was sent, before the response ends. */
    @Override
    public void close() throws IOException {
        if (!requestSession.isRedirected() && requestSession.saveBeforeHead()) {
            out.close();
        }
    }

    @Override
    public boolean isReady() {
        return requestSession.isHeadFinal() || out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        out.setWriteListener(listener);
    }
}
