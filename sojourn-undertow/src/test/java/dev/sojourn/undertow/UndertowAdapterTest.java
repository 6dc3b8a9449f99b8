package dev.sojourn.undertow;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.testing.AdapterContract;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.OutputStream;

/** Handlers that block, on workers, and write to the exchange's stream. */
class UndertowAdapterTest extends AdapterContract {
    @Override
    protected Server start(Sessions sessions, Scenario scenario) {
        TestServer server = new TestServer(new BlockingHandler(
                new SojournHandler(sessions, exchange -> scenario.handle(new StreamResponder(exchange)))));
        return new Server(server.port(), server::close);
    }

    private record StreamResponder(HttpServerExchange exchange) implements Responder {
        @Override
        public String path() {
            return exchange.getRequestPath();
        }

        @Override
        public Session session() {
            return Sojourn.session(exchange);
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
