package dev.sojourn.benchmarks.lab;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.helidon.Sojourn;
import dev.sojourn.helidon.SojournFeature;
import io.helidon.common.Weighted;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The lab on Helidon, which requires JDK 21. Built only on JDK 21 or newer; therefore public and loaded as a service.
 */
public final class HelidonLab implements LabAdapter {
    /**
     * A strong reference: otherwise the logger may be garbage collected, and its level with it. Helidon logs start and
     * stop.
     */
    private static final List<Logger> LOGS = List.of(Logger.getLogger("io.helidon"));

    /** For the service loader. */
    public HelidonLab() {}

    @Override
    public String name() {
        return "helidon";
    }

    @Override
    public LabServer start(int port, LabContent content) {
        LOGS.forEach(each -> each.setLevel(Level.WARNING));
        LabEndpoints endpoints = content.endpoints();
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFeature(new Bare(endpoints))
                .addFeature(new SojournFeature(content.sessions()))
                .any((request, response) -> send(
                        response,
                        endpoints.respond(
                                method(request),
                                request.path().path(),
                                query(request),
                                new HelidonSessions(request))));
        WebServer server = WebServer.builder()
                .host(LabServer.HOST)
                .port(port)
                .shutdownHook(false)
                .routing(routing)
                .build()
                .start();
        return new RunningServer(server);
    }

    /** The path without a session, in front of the session filter. */
    private record Bare(LabEndpoints endpoints) implements HttpFeature, Weighted {
        @Override
        public double weight() {
            return 2 * DEFAULT_WEIGHT;
        }

        @Override
        public void setup(HttpRouting.Builder routing) {
            routing.addFilter((chain, request, response) -> {
                if (request.path().path().equals(LabEndpoints.BARE)) {
                    send(response, endpoints.respondBare(method(request), LabEndpoints.BARE, query(request)));
                } else {
                    chain.proceed();
                }
            });
        }
    }

    private static String method(ServerRequest request) {
        return request.prologue().method().text();
    }

    private static @Nullable String query(ServerRequest request) {
        String raw = request.prologue().query().rawValue();
        return raw.isEmpty() ? null : raw;
    }

    private static void send(ServerResponse response, LabResponse labResponse) {
        response.status(labResponse.status())
                .header(HeaderNames.CONTENT_TYPE, LabResponse.TYPE)
                .send(labResponse.body());
    }

    private record HelidonSessions(ServerRequest request) implements RequestSessions {
        @Override
        public Session session() {
            return Sojourn.session(request);
        }

        @Override
        public SealedSession sealed() {
            return Sojourn.sealed(request);
        }

        @Override
        public SessionView view() {
            return Sojourn.view(request);
        }
    }

    private record RunningServer(WebServer server) implements LabServer {
        @Override
        public int port() {
            return server.port();
        }

        @Override
        public void close() {
            server.stop();
        }
    }
}
