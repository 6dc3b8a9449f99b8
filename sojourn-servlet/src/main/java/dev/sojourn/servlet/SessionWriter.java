package dev.sojourn.servlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** The container's writer; each character waits until the session is saved. */
final class SessionWriter extends PrintWriter {
    private final PrintWriter container;

    SessionWriter(PrintWriter container, RequestSession visit) {
        super(new Gate(container, visit));
        this.container = container;
    }

    @Override
    public boolean checkError() {
        return super.checkError() || container.checkError();
    }

    private static final class Gate extends Writer {
        private final PrintWriter container;
        private final RequestSession visit;

        Gate(PrintWriter container, RequestSession visit) {
            this.container = container;
            this.visit = visit;
        }

        @Override
        public void write(int one) throws IOException {
            if (visit.beforeBytes()) {
                container.write(one);
            }
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            if (visit.beforeBytes()) {
                container.write(text, from, length);
            }
        }

        @Override
        public void write(String text, int from, int length) throws IOException {
            if (visit.beforeBytes()) {
                container.write(text, from, length);
            }
        }

        @Override
        public void flush() throws IOException {
            if (visit.beforeBytes()) {
                container.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (!visit.isRedirected() && visit.beforeHead()) {
                container.close();
            }
        }
    }
}
