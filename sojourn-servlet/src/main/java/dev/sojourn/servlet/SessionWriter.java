package dev.sojourn.servlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** A writer that saves the session before it passes the first character to the container's writer. */
final class SessionWriter extends PrintWriter {
    private final PrintWriter container;

    SessionWriter(PrintWriter container, RequestSession requestSession) {
        super(new Gate(container, requestSession));
        this.container = container;
    }

    @Override
    public boolean checkError() {
        return super.checkError() || container.checkError();
    }

    private static final class Gate extends Writer {
        private final PrintWriter container;
        private final RequestSession requestSession;

        Gate(PrintWriter container, RequestSession requestSession) {
            this.container = container;
            this.requestSession = requestSession;
        }

        @Override
        public void write(int one) throws IOException {
            if (requestSession.saveBeforeBody()) {
                container.write(one);
            }
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            if (requestSession.saveBeforeBody()) {
                container.write(text, from, length);
            }
        }

        @Override
        public void write(String text, int from, int length) throws IOException {
            if (requestSession.saveBeforeBody()) {
                container.write(text, from, length);
            }
        }

        @Override
        public void flush() throws IOException {
            if (requestSession.saveBeforeBody()) {
                container.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (!requestSession.isRedirected() && requestSession.saveBeforeHead()) {
                container.close();
            }
        }
    }
}
