package dev.sojourn.helidon;

import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AdapterContract;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.OutputStream;

class HelidonAdapterTest extends AdapterContract {
    @Override
    protected Server start(SessionSource sessions, Scenario scenario) {
        TestServer server = new TestServer(routing -> routing.addFeature(new SojournFeature(sessions))
                .any(ROUTE, (request, response) -> scenario.handle(new HelidonResponder(request, response, ROUTE)))
                .any((request, response) -> scenario.handle(
                        new HelidonResponder(request, response, request.path().path()))));
        return new Server(server.port(), server::close);
    }

    private record HelidonResponder(ServerRequest request, ServerResponse response, String route) implements Responder {
        @Override
        public String path() {
            return request.path().path();
        }

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

        @Override
        public void addHeader(String name, String value) {
            response.headers().add(HeaderNames.create(name), value);
        }

        @Override
        public void send(int status, byte[] body) {
            response.status(Status.create(status));
            // Helidon sends a body in response to HEAD if it gets one.
            if (request.prologue().method().equals(Method.HEAD)) {
                response.send();
            } else {
                response.send(body);
            }
        }

        @Override
        public void send(EndpointResponse endpoint) {
            Sojourn.send(response, endpoint);
        }

        @Override
        public void sendEmpty(int status) {
            response.status(Status.create(status)).send();
        }

        @Override
        public void redirect(String location) {
            response.status(Status.FOUND_302)
                    .header(HeaderNames.LOCATION, location)
                    .send();
        }

        @Override
        public OutputStream stream(int status) {
            return response.status(Status.create(status)).outputStream();
        }
    }
}
