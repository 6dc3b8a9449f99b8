package dev.sojourn.jdkhttp;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.spi.SessionSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The exchange that handlers see. It routes the response through the {@link RequestSession}, which it keeps in a field: all
 * requests of a context share the attributes of the JDK's exchange.
 */
final class SessionExchange extends ForwardingExchange {
    /** Read through {@code getAttribute}, which wrappers of other filters pass on. */
    private static final String REQUEST_SESSION_ATTRIBUTE = "dev.sojourn.requestSession";

    private static final String SESSIONS_ATTRIBUTE = "dev.sojourn.sessions";

    private final SessionSource sessions;
    private final RequestSession requestSession;
    private @Nullable OutputStream body;

    SessionExchange(HttpExchange exchange, SessionSource sessions, RequestSession requestSession) {
        super(exchange);
        this.sessions = sessions;
        this.requestSession = requestSession;
    }

    /**
     * Returns whether a filter in front already serves this exchange from these sessions. A second session would hide the
     * first.
     */
    static boolean isServed(HttpExchange exchange, SessionSource sessions) {
        return exchange.getAttribute(SESSIONS_ATTRIBUTE) == sessions;
    }

    /** Returns the session of an exchange that handlers see, or of another filter's wrapper of it; null if there is none. */
    static @Nullable RequestSession requestSession(HttpExchange exchange) {
        if (exchange instanceof SessionExchange own) {
            return own.requestSession;
        }
        return exchange.getAttribute(REQUEST_SESSION_ATTRIBUTE) instanceof RequestSession found ? found : null;
    }

    @Override
    public void sendResponseHeaders(int status, long length) throws IOException {
        requestSession.sendHead(status, length);
    }

    @Override
    public OutputStream getResponseBody() {
        if (requestSession.isReplaced()) {
            return OutputStream.nullOutputStream();
        }
        if (body == null) {
            body = new SessionStream(super.getResponseBody(), requestSession);
        }
        return body;
    }

    @Override
    public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
        super.setStreams(in, out);
        body = null;
    }

    @Override
    public void close() {
        requestSession.closeExchange();
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return switch (name) {
            case REQUEST_SESSION_ATTRIBUTE -> requestSession;
            case SESSIONS_ATTRIBUTE -> sessions;
            default -> super.getAttribute(name);
        };
    }
}
