package dev.sojourn.vertx;

import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AdapterContract;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;

/** Runs the adapter contract with blocking handlers: they run on workers, the server on an event loop. */
class VertxAdapterTest extends AdapterContract {
    @Override
    protected Server start(SessionSource sessions, Scenario scenario) throws Exception {
        Vertx vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        router.route(ROUTE).blockingHandler(VertxResponder.handler(scenario, ROUTE), false);
        router.route().blockingHandler(VertxResponder.handler(scenario), false);
        HttpServer server = Futures.await(vertx.createHttpServer()
                .requestHandler(SojournHandler.create(sessions, router))
                .listen(0, "127.0.0.1"));
        return new Server(server.actualPort(), () -> Futures.await(vertx.close()));
    }
}
