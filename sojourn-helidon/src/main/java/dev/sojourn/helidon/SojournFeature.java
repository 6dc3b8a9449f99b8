package dev.sojourn.helidon;

import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Objects;

/**
 * The one line that gives a routing sessions: {@code routing.addFeature(new SojournFeature(sessions))}.
 *
 * <p>A session is saved before the head of the response leaves. If that fails, the response that the handler chose is
 * replaced. A {@link SessionException} that a handler lets pass is answered with what it says, unless the application has
 * an error handler for it; other exceptions are Helidon's affair, after what was changed was saved. Thread-safe.
 */
public final class SojournFeature implements HttpFeature {
    private final Sessions sessions;

    /**
     * A feature over these sessions.
     *
     * @param sessions the application's sessions
     */
    public SojournFeature(Sessions sessions) {
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
        RequestSession own = new RequestSession(sessions, request, response);
        request.context().register(RequestSession.class, own);
        response.beforeSend(own::headBegins);
        response.streamFilter(own::stream);
        try {
            chain.proceed();
        } catch (RuntimeException e) {
            // Somebody in front of this answers it, and the session is over by then: the head has to have its token.
            own.commitBehind(e);
            throw e;
        } finally {
            own.close();
        }
    }

    private static void replace(ServerRequest request, ServerResponse response, SessionException problem) {
        RequestSession.of(request).orElseThrow(() -> problem).replace(problem);
    }

    static System.Logger logger() {
        return System.getLogger("dev.sojourn.helidon");
    }
}
