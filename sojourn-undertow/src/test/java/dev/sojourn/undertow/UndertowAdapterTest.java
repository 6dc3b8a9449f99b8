package dev.sojourn.undertow;

import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AdapterContract;
import io.undertow.Handlers;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.OutputStream;

/** Runs the adapter contract with blocking handlers on workers that write to the stream of the exchange. */
class UndertowAdapterTest extends AdapterContract {
    @Override
    protected Server start(SessionSource sessions, Scenario scenario) {
        HttpHandler any = exchange -> scenario.handle(new StreamResponder(exchange, exchange.getRequestPath()));
        HttpHandler route = exchange -> scenario.handle(new StreamResponder(exchange, ROUTE));
        TestServer server = new TestServer(new BlockingHandler(
                new SojournHandler(sessions, Handlers.path(any).addPrefixPath(ROUTE, route))));
        return new Server(server.port(), server::close);
    }

    private record StreamResponder(HttpServerExchange exchange, String route) implements Responder {
        @Override
        public String path() {
            return exchange.getRequestPath();
        }

        @Override
        public Session session() {
            return Sojourn.session(exchange);
        }

        @Override
        public SealedSession sealed() {
            return Sojourn.sealed(exchange);
        }

        @Override
        public SessionView view() {
            return Sojourn.view(exchange);
        }

        @Override
        public void addHeader(String name, String value) {
            exchange.getResponseHeaders().add(new HttpString(name), value);
        }

        @Override
        public void send(int status, byte[] body) throws IOException {
            exchange.setStatusCode(status);
            exchange.setResponseContentLength(body.length);
            exchange.getOutputStream().write(body);
        }

        @Override
        public void send(EndpointResponse response) {
            Sojourn.send(exchange, response);
        }

        @Override
        public void sendEmpty(int status) {
            exchange.setStatusCode(status);
        }

        @Override
        public void redirect(String location) {
            exchange.setStatusCode(302);
            exchange.getResponseHeaders().put(Headers.LOCATION, location);
            exchange.endExchange();
        }

        @Override
        public OutputStream stream(int status) {
            exchange.setStatusCode(status);
            return exchange.getOutputStream();
        }
    }
}
