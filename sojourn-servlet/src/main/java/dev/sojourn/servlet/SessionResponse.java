package dev.sojourn.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** The response that servlets see: the container's, with the session saved before anything leaves. */
final class SessionResponse extends HttpServletResponseWrapper {
    private final Visit visit;
    private @Nullable ServletOutputStream stream;
    private @Nullable PrintWriter writer;

    SessionResponse(HttpServletResponse response, Visit visit) {
        super(response);
        this.visit = visit;
    }

    // ---- the body

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (visit.isReplaced()) {
            return new NowhereStream();
        }
        if (stream == null) {
            stream = new SessionStream(super.getOutputStream(), visit);
        }
        return stream;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (visit.isReplaced()) {
            return new PrintWriter(OutputStream.nullOutputStream(), false, java.nio.charset.StandardCharsets.UTF_8);
        }
        if (writer == null) {
            writer = new SessionWriter(super.getWriter(), visit);
        }
        return writer;
    }

    @Override
    public void flushBuffer() throws IOException {
        if (visit.beforeHead()) {
            super.flushBuffer();
        }
    }

    // ---- answers that the container makes

    @Override
    public void sendError(int status) throws IOException {
        if (visit.beforeHead()) {
            super.sendError(status);
        }
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        if (visit.beforeHead()) {
            super.sendError(status, message);
        }
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        if (visit.beforeHead()) {
            super.sendRedirect(location);
        }
    }

    @Override
    public void sendRedirect(String location, int status) throws IOException {
        if (visit.beforeHead()) {
            super.sendRedirect(location, status);
        }
    }

    @Override
    public void sendRedirect(String location, boolean clearBuffer) throws IOException {
        if (visit.beforeHead()) {
            super.sendRedirect(location, clearBuffer);
        }
    }

    @Override
    public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
        if (visit.beforeHead()) {
            super.sendRedirect(location, status, clearBuffer);
        }
    }

    // ---- beginning again

    @Override
    public void reset() {
        if (visit.isReplaced()) {
            return;
        }
        super.reset();
        stream = null;
        writer = null;
        visit.headersAreGone();
    }

    @Override
    public void resetBuffer() {
        if (!visit.isReplaced()) {
            super.resetBuffer();
        }
    }
}
