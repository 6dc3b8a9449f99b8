package dev.sojourn.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The response that servlets see: the container's, with the session saved before anything leaves.
 *
 * <p>A redirect is held back until its dispatch ends. To the handler the response is committed as soon as it is sent: what it
 * writes is ignored, and what may not happen after the head fails (Servlet 6.1 §5.9 and the Javadoc of {@code sendRedirect}).
 */
final class SessionResponse extends AnsweredResponse {
    private final RequestSession visit;
    private @Nullable ServletOutputStream stream;
    private @Nullable PrintWriter writer;

    SessionResponse(HttpServletResponse response, RequestSession visit) {
        super(response);
        this.visit = visit;
    }

    @Override
    boolean isAnswered() {
        return visit.isAnswered();
    }

    @Override
    public boolean isCommitted() {
        return visit.isRedirected() || super.isCommitted();
    }

    private void requireNoRedirect() {
        if (visit.isRedirected()) {
            throw new IllegalStateException("the response is committed: a redirect was sent before");
        }
    }

    // ---- the body

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (visit.isAnswered()) {
            return new NowhereStream();
        }
        if (stream == null) {
            stream = new SessionStream(super.getOutputStream(), visit);
        }
        return stream;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (visit.isAnswered()) {
            return new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        }
        if (writer == null) {
            writer = new SessionWriter(super.getWriter(), visit);
        }
        return writer;
    }

    @Override
    public void flushBuffer() throws IOException {
        if (visit.isRedirected()) {
            visit.sendRedirect();
        } else if (visit.beforeHead()) {
            super.flushBuffer();
        }
    }

    // ---- answers that the container makes

    @Override
    public void sendError(int status) throws IOException {
        requireNoRedirect();
        if (visit.beforeHead()) {
            super.sendError(status);
        }
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        requireNoRedirect();
        if (visit.beforeHead()) {
            super.sendError(status, message);
        }
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        redirect(location, SC_FOUND, () -> super.sendRedirect(location));
    }

    @Override
    public void sendRedirect(String location, int status) throws IOException {
        redirect(location, status, () -> super.sendRedirect(location, status));
    }

    @Override
    public void sendRedirect(String location, boolean clearBuffer) throws IOException {
        redirect(location, SC_FOUND, () -> super.sendRedirect(location, clearBuffer));
    }

    @Override
    public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
        redirect(location, status, () -> super.sendRedirect(location, status, clearBuffer));
    }

    private void redirect(String location, int status, RequestSession.Redirect redirect) throws IOException {
        requireNoRedirect();
        if (visit.isReplaced()) {
            return;
        }
        if (!super.isCommitted()) {
            // Filters and metrics ask for these as soon as the redirect is sent.
            super.setStatus(status);
            super.setHeader("Location", location);
        }
        if (super.isCommitted() || super.getStatus() != status) {
            // Too late, or within an include, where containers take neither: they know what to do.
            redirectNow(redirect);
        } else {
            visit.redirect(redirect);
        }
    }

    private void redirectNow(RequestSession.Redirect redirect) throws IOException {
        if (visit.beforeHead()) {
            redirect.send();
        }
    }

    // ---- beginning again

    @Override
    public void reset() {
        requireNoRedirect();
        if (visit.isReplaced()) {
            return;
        }
        super.reset();
        stream = null;
        writer = null;
        visit.headersAreGone();
    }

    @Override
    public void setBufferSize(int size) {
        requireNoRedirect();
        super.setBufferSize(size);
    }

    @Override
    public void resetBuffer() {
        requireNoRedirect();
        if (!visit.isReplaced()) {
            super.resetBuffer();
        }
    }
}
