package dev.sojourn.jdkhttp;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionScope;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The exchange that handlers see: the JDK's, with the session saved before the head leaves. The session lives in a field
 * of this object: attributes of the JDK's exchange are shared by all requests of a context.
 *
 * <p>The scope ends when the answer is complete and the handler has returned, in whichever order, or when the exchange is
 * closed.
 */
final class SessionExchange extends HttpExchange {
    /** Asked for through {@code getAttribute}, which wrappers of other filters pass on. */
    static final String SESSION_ATTRIBUTE = "dev.sojourn.session";

    private static final String SESSIONS_ATTRIBUTE = "dev.sojourn.sessions";

    private final HttpExchange exchange;
    private final Sessions sessions;
    private final SessionScope scope;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean answered;
    private volatile boolean returned;
    private volatile boolean replaced;
    private volatile boolean closeAsked;
    private @Nullable OutputStream body;

    SessionExchange(HttpExchange exchange, Sessions sessions) {
        this.exchange = exchange;
        this.sessions = sessions;
        this.scope = sessions.open(new JdkExchange(exchange));
    }

    /** Whether this exchange has a session of these already, which a second one would put an empty one in the place of. */
    static boolean isServed(HttpExchange exchange, Sessions sessions) {
        return exchange.getAttribute(SESSIONS_ATTRIBUTE) == sessions;
    }

    Session session() {
        return scope.session();
    }

    // ---- the head

    @Override
    public void sendResponseHeaders(int status, long length) throws IOException {
        if (replaced) {
            return;
        }
        RuntimeException problem = commit();
        if (problem != null) {
            replace(problem);
            return;
        }
        exchange.sendResponseHeaders(status, length);
        if (length == -1) {
            answered();
        }
    }

    /** Answers for a handler that failed: what it changed is saved, then the client is told. */
    void fail(Throwable problem) throws IOException {
        if (replaced) {
            return;
        }
        if (exchange.getResponseCode() != -1) {
            // Half an answer has left, and only a broken connection tells the client so: the server breaks it when an
            // IOException reaches it. Closing the exchange would send the last chunk as if that were all.
            SojournFilter.logger()
                    .log(Level.ERROR, "broke the connection because a handler failed in mid-answer", problem);
            end();
            throw new IOException("a handler failed in mid-answer", problem);
        }
        RuntimeException worse = commit();
        replace(worse != null ? worse : problem);
    }

    /** Saves the session; gives what stood in the way. */
    private @Nullable RuntimeException commit() {
        try {
            scope.commit();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    /** Sends another answer than the handler's; whatever it goes on writing is swallowed. */
    private void replace(Throwable problem) throws IOException {
        replaced = true;
        ErrorResponse answer = ErrorResponse.of(problem, SojournFilter.logger());
        Headers headers = exchange.getResponseHeaders();
        answer.setHeaders(scope, headers::clear, headers::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), head ? -1 : answer.body().length);
        if (!head) {
            exchange.getResponseBody().write(answer.body());
        }
        exchange.getResponseBody().close();
        answered();
    }

    // ---- the body

    @Override
    public OutputStream getResponseBody() {
        if (replaced) {
            return OutputStream.nullOutputStream();
        }
        if (body == null) {
            body = new Body(exchange.getResponseBody());
        }
        return body;
    }

    /** Saves what changed after the head before the answer ends, so that the client's next request finds it. */
    private final class Body extends FilterOutputStream {
        Body(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (!replaced) {
                out.write(bytes, from, length);
            }
        }

        @Override
        public void write(int one) throws IOException {
            if (!replaced) {
                out.write(one);
            }
        }

        @Override
        public void flush() throws IOException {
            if (!replaced) {
                out.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (replaced) {
                return;
            }
            if (exchange.getResponseCode() != -1) {
                scope.commit();
            }
            out.close();
            answered();
        }
    }

    // ---- the end

    private void answered() {
        answered = true;
        endIfOver();
    }

    /** The handler has returned; it may have handed the exchange to another thread. */
    void returned() {
        returned = true;
        if (closeAsked && exchange.getResponseCode() == -1) {
            close();
        } else {
            endIfOver();
        }
    }

    private void endIfOver() {
        if (answered && returned) {
            end();
        }
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            scope.close();
        }
    }

    @Override
    public void close() {
        if (exchange.getResponseCode() == -1 && !returned) {
            // try (exchange) {...} closes before the filter hears what the handler threw, and can still answer it.
            closeAsked = true;
            return;
        }
        if (exchange.getResponseCode() != -1) {
            scope.commit();
        }
        exchange.close();
        end();
    }

    // ---- everything else is the JDK's

    @Override
    public @Nullable Object getAttribute(String name) {
        return switch (name) {
            case SESSION_ATTRIBUTE -> session();
            case SESSIONS_ATTRIBUTE -> sessions;
            default -> exchange.getAttribute(name);
        };
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        exchange.setAttribute(name, value);
    }

    @Override
    public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
        exchange.setStreams(in, out);
        body = null;
    }

    @Override
    public Headers getRequestHeaders() {
        return exchange.getRequestHeaders();
    }

    @Override
    public Headers getResponseHeaders() {
        return exchange.getResponseHeaders();
    }

    @Override
    public URI getRequestURI() {
        return exchange.getRequestURI();
    }

    @Override
    public String getRequestMethod() {
        return exchange.getRequestMethod();
    }

    @Override
    public HttpContext getHttpContext() {
        return exchange.getHttpContext();
    }

    @Override
    public InputStream getRequestBody() {
        return exchange.getRequestBody();
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return exchange.getRemoteAddress();
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return exchange.getLocalAddress();
    }

    @Override
    public int getResponseCode() {
        return exchange.getResponseCode();
    }

    @Override
    public String getProtocol() {
        return exchange.getProtocol();
    }

    @Override
    public @Nullable HttpPrincipal getPrincipal() {
        return exchange.getPrincipal();
    }
}
