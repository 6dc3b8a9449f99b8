package dev.sojourn.helidon;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionScope;
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
 * One request's session and the response that waits for it. Helidon asks before an answer of fixed length is sent and when
 * a stream is asked for; what is changed between that and the stream's first byte is saved by the stream. For the request's
 * virtual thread.
 */
final class RequestSession {
    private final RoutingResponse response;
    private final HelidonExchange exchange;
    private final SessionScope scope;
    /** The last save failed before anything had left: the client is to hear of that, and it is not tried again. */
    private boolean failed;

    private boolean replacing;

    RequestSession(Sessions sessions, RoutingRequest request, RoutingResponse response) {
        this.response = response;
        this.exchange = new HelidonExchange(request, response);
        this.scope = sessions.open(exchange);
    }

    /** The one of this request; empty where no feature is in the routing. */
    static Optional<RequestSession> of(ServerRequest request) {
        return request.context().get(RequestSession.class, RequestSession.class);
    }

    Session session() {
        return scope.session();
    }

    /**
     * Before an answer of fixed length, and before a stream is given out. An answer that says itself that something failed may
     * go after a save that did: that is how an application's own error handler tells of it.
     */
    void headBegins() {
        if (failed && response.status().code() >= 400) {
            replacing = true;
            scope.answerHeaders();
        } else if (!replacing) {
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

    OutputStream stream(OutputStream out) {
        return replacing ? out : new Body(out);
    }

    /** Saves at the first byte what changed since the stream was given out, and at the end what changed since. */
    private final class Body extends FilterOutputStream {
        private boolean begun;
        private @Nullable SessionException problem;

        Body(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            begin();
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            begin();
            out.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            begin();
            exchange.flushed();
            out.flush();
        }

        @Override
        public void close() throws IOException {
            if (problem != null) {
                out.close();
                return;
            }
            begin();
            commit();
            out.close();
            // Helidon takes a filter's answer for sent only then, and would answer 500 in its place.
            response.commit();
        }

        private void begin() throws IOException {
            if (problem != null) {
                throw problem;
            }
            if (!begun) {
                try {
                    commit();
                } catch (SessionException e) {
                    problem = e;
                    insteadOf(e);
                    throw e;
                }
                begun = true;
            }
        }

        /** What leaves if the handler catches the exception: Helidon sends what a stream holds when a handler returns. */
        private void insteadOf(SessionException told) throws IOException {
            boolean lengthIsFixed = response.headers().contains(HeaderNames.CONTENT_LENGTH);
            ErrorResponse answer = head(told);
            if (lengthIsFixed) {
                response.headers().contentLength(0);
            } else if (!exchange.method().equals("HEAD")) {
                out.write(answer.body());
            }
        }
    }

    /** Sends another answer than the handler's. */
    void replace(SessionException told) {
        SessionException worst = told;
        if (!failed) {
            // Thrown by a call of the session, not by a save: what was changed before it is saved all the same.
            try {
                scope.commit();
            } catch (SessionException worse) {
                worst = worse;
            }
        }
        replacing = true;
        ErrorResponse answer = head(worst);
        if (exchange.method().equals("HEAD")) {
            response.send();
        } else {
            response.send(answer.body());
        }
    }

    private ErrorResponse head(SessionException told) {
        ErrorResponse answer = ErrorResponse.of(told, SojournFeature.logger());
        ServerResponseHeaders headers = response.headers();
        answer.setHeaders(scope, headers::clear, (name, value) -> headers.set(HeaderNames.create(name), value));
        response.status(answer.status());
        return answer;
    }

    /** An exception passes this filter. */
    void commitBehind(RuntimeException passing) {
        if (exchange.isCommitted() || replacing) {
            return;
        }
        try {
            scope.commit();
        } catch (SessionException e) {
            e.addSuppressed(passing);
            throw e;
        } finally {
            replacing = true;
        }
    }

    void close() {
        scope.close();
    }
}
