package dev.sojourn.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The response that servlets see: it saves the session before the container sends anything.
 *
 * <p>A redirect is held back until its dispatch ends. The handler sees a committed response as soon as it sends the redirect:
 * its output is ignored, and calls that are not allowed after the head fail (Servlet 6.1 §5.7 and the Javadoc of
 * {@code sendRedirect}).
 */
final class SessionResponse extends GuardedResponse {
    private final RequestSession requestSession;
    private @Nullable ServletOutputStream stream;
    private @Nullable PrintWriter writer;

    SessionResponse(HttpServletResponse response, RequestSession requestSession) {
        super(response);
        this.requestSession = requestSession;
    }

    @Override
    boolean isHeadFinal() {
        return requestSession.isHeadFinal();
    }

    @Override
    public boolean isCommitted() {
        return requestSession.isRedirected() || super.isCommitted();
    }

    private void requireNoRedirect() {
        if (requestSession.isRedirected()) {
            throw new IllegalStateException("the response is committed: a redirect was sent before");
        }
    }

    // ---- the body

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (requestSession.isHeadFinal()) {
            return new DiscardingStream();
        }
        if (stream == null) {
            stream = new SessionStream(super.getOutputStream(), requestSession);
        }
        return stream;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (requestSession.isHeadFinal()) {
            return new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        }
        if (writer == null) {
            writer = new SessionWriter(super.getWriter(), requestSession);
        }
        return writer;
    }

    /** Does not send a redirect that is held back: Wicket flushes right after its redirect, and stores its pages later. */
    @Override
    public void flushBuffer() throws IOException {
        if (!requestSession.isRedirected() && requestSession.saveBeforeHead()) {
            super.flushBuffer();
        }
    }

    // ---- errors and redirects

    @Override
    public void sendError(int status) throws IOException {
        requireNoRedirect();
        if (requestSession.saveBeforeError()) {
            super.sendError(status);
        }
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        requireNoRedirect();
        if (requestSession.saveBeforeError()) {
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
        if (requestSession.isReplaced()) {
            return;
        }
        if (!super.isCommitted()) {
            // Filters and metrics read these right after the redirect.
            super.setStatus(status);
            super.setHeader("Location", location);
        }
        if (super.isCommitted() || super.getStatus() != status) {
            // The head was sent, or this is an include, where containers ignore both: the container handles it.
            sendRedirectNow(redirect);
        } else {
            requestSession.redirect(redirect);
        }
    }

    private void sendRedirectNow(RequestSession.Redirect redirect) throws IOException {
        if (requestSession.saveBeforeHead()) {
            redirect.send();
        }
    }

    // ---- resets

    @Override
    public void reset() {
        requireNoRedirect();
        if (requestSession.isReplaced()) {
            return;
        }
        super.reset();
        stream = null;
        writer = null;
        requestSession.restoreHeaders();
    }

    @Override
    public void setBufferSize(int size) {
        requireNoRedirect();
        super.setBufferSize(size);
    }

    @Override
    public void resetBuffer() {
        requireNoRedirect();
        if (!requestSession.isReplaced()) {
            super.resetBuffer();
        }
    }
}
