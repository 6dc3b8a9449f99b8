package dev.sojourn.demo.servers;

import dev.sojourn.demo.journal.Head;
import dev.sojourn.demo.journal.Recorder.Recording;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response that tells the journal just before its head leaves: at the first byte of the body, since nobody can say when
 * the server's buffer is full.
 */
final class WatchedResponse extends HttpServletResponseWrapper implements Head {
    private final HttpServletResponse response;
    private final Recording recording;
    private @Nullable ServletOutputStream body;
    private @Nullable PrintWriter writer;

    WatchedResponse(HttpServletResponse response, Recording recording) {
        super(response);
        this.response = response;
        this.recording = recording;
    }

    void leaving() {
        leaving(response.getStatus());
    }

    private void leaving(int status) {
        if (!response.isCommitted()) {
            recording.answering(status, this);
        }
    }

    @Override
    public List<String> values(String name) {
        return List.copyOf(response.getHeaders(name));
    }

    @Override
    public void add(String name, String value) {
        response.addHeader(name, value);
    }

    // ---- what makes a head leave

    @Override
    public void flushBuffer() throws IOException {
        leaving();
        response.flushBuffer();
    }

    @Override
    public void sendError(int status) throws IOException {
        leaving(status);
        response.sendError(status);
    }

    @Override
    public void sendError(int status, @Nullable String message) throws IOException {
        leaving(status);
        response.sendError(status, message);
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        leaving(SC_FOUND);
        response.sendRedirect(location);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (body == null) {
            body = new Body(response.getOutputStream());
        }
        return body;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (writer == null) {
            writer = new PrintWriter(new Text(response.getWriter()));
        }
        return writer;
    }

    private final class Text extends FilterWriter {
        Text(Writer text) {
            super(text);
        }

        @Override
        public void write(int one) throws IOException {
            leaving();
            out.write(one);
        }

        @Override
        public void write(char[] characters, int from, int length) throws IOException {
            leaving();
            out.write(characters, from, length);
        }

        @Override
        public void write(String text, int from, int length) throws IOException {
            leaving();
            out.write(text, from, length);
        }

        @Override
        public void flush() throws IOException {
            leaving();
            out.flush();
        }

        @Override
        public void close() throws IOException {
            leaving();
            out.close();
        }
    }

    private final class Body extends ServletOutputStream {
        private final ServletOutputStream out;

        Body(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int one) throws IOException {
            leaving();
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            leaving();
            out.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            leaving();
            out.flush();
        }

        @Override
        public void close() throws IOException {
            leaving();
            out.close();
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }
    }
}
