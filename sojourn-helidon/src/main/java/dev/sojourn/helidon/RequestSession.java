package dev.sojourn.helidon;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.SessionView;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSource;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The session of one request. Helidon calls this before it sends a response of fixed length and when a handler gets a stream.
 * The stream saves what changes after that and before its first byte. Used by the request's virtual thread only.
 */
final class RequestSession {
    private final RoutingResponse response;
    private final HelidonExchange exchange;
    private final SessionScope scope;
    /** Whether the last save failed before the head was sent. The client must learn of that, and the save is not repeated. */
    private boolean failed;

    private boolean replaced;

    RequestSession(SessionSource sessions, RoutingRequest request, RoutingResponse response) {
        this.response = response;
        this.exchange = new HelidonExchange(request, response);
        this.scope = sessions.open(exchange);
    }

    /** Returns this request's session; empty if the routing has no feature. */
    static Optional<RequestSession> of(ServerRequest request) {
        return request.context().get(RequestSession.class, RequestSession.class);
    }

    /**
     * Responds with an error if a page of another site may have sent this request, or if it needs a user and has none.
     *
     * @return whether the handler may run
     */
    boolean admit() {
        try {
            scope.admit();
            scope.checkSignIn();
            return true;
        } catch (SessionException e) {
            replace(e);
            // Without this Helidon does not consider a filter's response sent, and would respond with a 500 as well.
            response.commit();
            return false;
        }
    }

    Session session() {
        return scope.session();
    }

    SealedSession sealed() {
        return scope.sealed();
    }

    SessionView view() {
        return scope.view();
    }

    /**
     * Saves the session before a response of fixed length is sent and before a handler gets a stream. After a failed save a
     * response with an error status may still be sent: an error handler of the application reports the failure that way.
     */
    void beforeHead() {
        if (failed && response.status().code() >= 400) {
            replaced = true;
            scope.setTokenHeaders();
        } else if (!replaced) {
            commit();
        }
    }

    private void commit() {
        try {
            scope.commit();
            failed = false;
        } catch (SessionException e) {
            failed = !exchange.isCommitted();
            throw e;
        }
    }

    OutputStream wrapStream(OutputStream out) {
        return replaced ? out : new SessionStream(out);
    }

    /** A stream that saves changes before its first byte and again before its end. */
    private final class SessionStream extends FilterOutputStream {
        private boolean headSaved;
        private @Nullable SessionException problem;

        SessionStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            saveHead();
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            saveHead();
            out.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            saveHead();
            exchange.markFlushed();
            out.flush();
        }

        @Override
        public void close() throws IOException {
            if (problem != null) {
                out.close();
                return;
            }
            saveHead();
            commit();
            out.close();
            // Without this Helidon does not consider a filter's response sent, and would respond with a 500 as well.
            response.commit();
        }

        private void saveHead() throws IOException {
            if (problem != null) {
                throw problem;
            }
            if (!headSaved) {
                try {
                    commit();
                } catch (SessionException e) {
                    problem = e;
                    writeError(e);
                    throw e;
                }
                headSaved = true;
            }
        }

        /** Writes the error response. Helidon sends it when the handler returns, even if that has caught the exception. */
        private void writeError(SessionException exception) throws IOException {
            boolean hasFixedLength = response.headers().contains(HeaderNames.CONTENT_LENGTH);
            ErrorResponse error = replaceHead(exception);
            if (hasFixedLength) {
                response.headers().contentLength(0);
            } else if (!exchange.method().equals("HEAD")) {
                out.write(error.body());
            }
        }
    }

    /** Sends an error response instead of the handler's. */
    void replace(SessionException exception) {
        SessionException worst = exception;
        if (!failed) {
            // A call of the session threw this, not a save: the changes before that call still have to be saved.
            try {
                scope.commit();
            } catch (SessionException e) {
                worst = e;
            }
        }
        replaced = true;
        ErrorResponse error = replaceHead(worst);
        if (exchange.method().equals("HEAD")) {
            response.send();
        } else {
            response.send(error.body());
        }
    }

    private ErrorResponse replaceHead(SessionException exception) {
        ErrorResponse error = ErrorResponse.of(exception, SojournFeature.logger());
        ServerResponseHeaders headers = response.headers();
        error.setHeaders(scope, headers::clear, (name, value) -> headers.set(HeaderNames.create(name), value));
        response.status(error.status());
        return error;
    }

    /** Saves the session before an exception leaves this filter. */
    void commitBefore(RuntimeException thrown) {
        if (exchange.isCommitted() || replaced) {
            return;
        }
        exchange.noteFailure();
        try {
            scope.commit();
        } catch (SessionException e) {
            if (e != thrown) {
                e.addSuppressed(thrown);
            }
            throw e;
        } finally {
            replaced = true;
        }
    }

    void close() {
        scope.close();
    }
}
