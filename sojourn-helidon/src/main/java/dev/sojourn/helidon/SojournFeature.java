package dev.sojourn.helidon;

import dev.sojourn.SessionException;
import dev.sojourn.spi.SessionSource;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Objects;

/**
 * A feature that adds sessions to a routing: {@code routing.addFeature(new SojournFeature(sessions))}.
 *
 * <p>The session is saved before the head of the response is sent. If that fails, an error response replaces the handler's. A
 * {@link SessionException} that a handler throws gets the status of the exception, unless the application has an error handler
 * for it. Helidon handles all other exceptions, after the changes were saved. Thread-safe.
 */
public final class SojournFeature implements HttpFeature {
    private final SessionSource sessions;

    /**
     * Creates a feature over these sessions.
     *
     * @param sessions the application's sessions: {@link dev.sojourn.Sessions}, sealed sessions or the views of tokens
     */
    public SojournFeature(SessionSource sessions) {
        this.sessions = Objects.requireNonNull(sessions, "sessions");
    }

    @Override
    public void setup(HttpRouting.Builder routing) {
        routing.addFilter(this::filter).error(SessionException.class, SojournFeature::replace);
    }

    private void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (RequestSession.of(request).isPresent()) {
            chain.proceed(); // mounted twice
            return;
        }
        RequestSession requestSession = new RequestSession(sessions, request, response);
        request.context().register(RequestSession.class, requestSession);
        response.beforeSend(requestSession::beforeHead);
        response.streamFilter(requestSession::wrapStream);
        try {
            if (requestSession.admit()) {
                chain.proceed();
            }
        } catch (RuntimeException e) {
            // A handler in front responds, after this session has been closed: the head needs the token now.
            requestSession.commitBefore(e);
            throw e;
        } finally {
            requestSession.close();
        }
    }

    private static void replace(ServerRequest request, ServerResponse response, SessionException problem) {
        RequestSession.of(request).orElseThrow(() -> problem).replace(problem);
    }

    static System.Logger logger() {
        return System.getLogger("dev.sojourn.helidon");
    }
}
