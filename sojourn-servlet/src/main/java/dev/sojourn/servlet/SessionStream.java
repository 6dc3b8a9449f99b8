package dev.sojourn.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** The container's stream; each byte waits until the session is saved. */
final class SessionStream extends ServletOutputStream {
    private final ServletOutputStream out;
    private final RequestSession visit;

    SessionStream(ServletOutputStream out, RequestSession visit) {
        this.out = out;
        this.visit = visit;
    }

    @Override
    public void write(int one) throws IOException {
        if (visit.beforeBytes()) {
            out.write(one);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (visit.beforeBytes()) {
            out.write(bytes, from, length);
        }
    }

    @Override
    public void flush() throws IOException {
        if (visit.beforeBytes()) {
            out.flush();
        }
    }

    /** Saves what changed after the head too, before the answer ends. */
    @Override
    public void close() throws IOException {
        if (!visit.isRedirected() && visit.beforeHead()) {
            out.close();
        }
    }

    @Override
    public boolean isReady() {
        return visit.isAnswered() || out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        out.setWriteListener(listener);
    }
}
