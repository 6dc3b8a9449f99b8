package dev.sojourn.jdkhttp;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** The response stream that handlers see. It discards what they write after their response was replaced. */
final class SessionStream extends FilterOutputStream {
    private final RequestSession requestSession;

    SessionStream(OutputStream out, RequestSession requestSession) {
        super(out);
        this.requestSession = requestSession;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (!requestSession.isReplaced()) {
            out.write(bytes, from, length);
        }
    }

    @Override
    public void write(int one) throws IOException {
        if (!requestSession.isReplaced()) {
            out.write(one);
        }
    }

    @Override
    public void flush() throws IOException {
        if (!requestSession.isReplaced()) {
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        requestSession.closeBody(out);
    }
}
