package dev.sojourn.demo.servers;

import dev.sojourn.demo.journal.Recorder.Recording;
import dev.sojourn.demo.journal.ResponseHead;
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
 * A response that records itself in the journal just before its headers are sent: at the latest at the first byte of
 * the body, because a full server buffer cannot be observed.
 */
final class ServletJournalResponse extends HttpServletResponseWrapper implements ResponseHead {
    private final HttpServletResponse response;
    private final Recording recording;
    private @Nullable ServletOutputStream body;
    private @Nullable PrintWriter writer;

    ServletJournalResponse(HttpServletResponse response, Recording recording) {
        super(response);
        this.response = response;
        this.recording = recording;
    }

    void recordResponse() {
        recordResponse(response.getStatus());
    }

    private void recordResponse(int status) {
        if (!response.isCommitted()) {
            recording.recordResponse(status, this);
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

    // ---- calls that may send the headers

    @Override
    public void flushBuffer() throws IOException {
        recordResponse();
        response.flushBuffer();
    }

    @Override
    public void sendError(int status) throws IOException {
        recordResponse(status);
        response.sendError(status);
    }

    @Override
    public void sendError(int status, @Nullable String message) throws IOException {
        recordResponse(status);
        response.sendError(status, message);
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        recordResponse(SC_FOUND);
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
            recordResponse();
            out.write(one);
        }

        @Override
        public void write(char[] characters, int from, int length) throws IOException {
            recordResponse();
            out.write(characters, from, length);
        }

        @Override
        public void write(String text, int from, int length) throws IOException {
            recordResponse();
            out.write(text, from, length);
        }

        @Override
        public void flush() throws IOException {
            recordResponse();
            out.flush();
        }

        @Override
        public void close() throws IOException {
            recordResponse();
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
            recordResponse();
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            recordResponse();
            out.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            recordResponse();
            out.flush();
        }

        @Override
        public void close() throws IOException {
            recordResponse();
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
