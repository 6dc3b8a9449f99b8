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
import io.undertow.server.handlers.RedirectHandler;
import io.undertow.util.HttpString;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Runs the adapter contract with handlers that use the session on a worker and respond from an IO thread without blocking. */
class UndertowIoThreadAdapterTest extends AdapterContract {
    @Override
    protected Server start(SessionSource sessions, Scenario scenario) {
        HttpHandler any = exchange -> scenario.handle(new SenderResponder(exchange, exchange.getRequestPath()));
        HttpHandler route = exchange -> scenario.handle(new SenderResponder(exchange, ROUTE));
        HttpHandler working = Handlers.path(any).addPrefixPath(ROUTE, route);
        TestServer server = new TestServer(new SojournHandler(sessions, exchange -> exchange.dispatch(working)));
        return new Server(server.port(), server::close);
    }

    private record SenderResponder(HttpServerExchange exchange, String route) implements Responder {
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

        private void onIoThread(HttpHandler sending) {
            exchange.dispatch(exchange.getIoThread(), sending);
        }

        @Override
        public void send(int status, byte[] body) {
            onIoThread(same -> same.setStatusCode(status).getResponseSender().send(ByteBuffer.wrap(body)));
        }

        @Override
        public void send(EndpointResponse response) {
            onIoThread(same -> Sojourn.send(same, response));
        }

        @Override
        public void sendEmpty(int status) {
            onIoThread(same -> same.setStatusCode(status));
        }

        @Override
        public void redirect(String location) {
            onIoThread(new RedirectHandler(location));
        }

        @Override
        public OutputStream stream(int status) {
            exchange.setStatusCode(status);
            exchange.startBlocking();
            return exchange.getOutputStream();
        }
    }
}
