package dev.sojourn.vertx;

import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AdapterContract;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the adapter contract with a verticle whose handlers may wait: on virtual threads if this JDK has them, otherwise on
 * workers. */
class VertxVerticleAdapterTest extends AdapterContract {
    private static final ThreadingModel MODEL =
            Runtime.version().feature() >= 21 ? ThreadingModel.VIRTUAL_THREAD : ThreadingModel.WORKER;

    @Override
    protected Server start(SessionSource sessions, Scenario scenario) throws Exception {
        Vertx vertx = Vertx.vertx();
        AtomicInteger port = new AtomicInteger();
        // One instance serves one request at a time, and connections are distributed round-robin.
        DeploymentOptions options =
                new DeploymentOptions().setThreadingModel(MODEL).setInstances(4);
        Futures.await(vertx.deployVerticle(() -> new ScenarioVerticle(sessions, scenario, port), options));
        return new Server(port.get(), () -> Futures.await(vertx.close()));
    }

    private static final class ScenarioVerticle extends VerticleBase {
        private final SessionSource sessions;
        private final Scenario scenario;
        private final AtomicInteger port;

        ScenarioVerticle(SessionSource sessions, Scenario scenario, AtomicInteger port) {
            this.sessions = sessions;
            this.scenario = scenario;
            this.port = port;
        }

        @Override
        public Future<?> start() {
            Router router = Router.router(vertx);
            router.route(ROUTE).handler(VertxResponder.handler(scenario, ROUTE));
            router.route().handler(VertxResponder.handler(scenario));
            // A negative port: the same random one for all instances.
            return vertx.createHttpServer()
                    .requestHandler(SojournHandler.create(sessions, router))
                    .listen(-1, "127.0.0.1")
                    .map(HttpServer::actualPort)
                    .onSuccess(port::set);
        }
    }
}
