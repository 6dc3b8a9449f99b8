package dev.sojourn.benchmarks.lab;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.vertx.Sojourn;
import dev.sojourn.vertx.SojournHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The lab on Vert.x. As in applications, endpoints that do not block run on the event loop. */
final class VertxLab implements LabAdapter {
    private static final int WORKERS = 64;

    @Override
    public String name() {
        return "vertx";
    }

    @Override
    public LabServer start(int port, LabContent content) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(WORKERS));
        Router router = Router.router(vertx);
        LabEndpoints endpoints = content.endpoints();
        router.route()
                .handler(ctx -> respond(vertx, endpoints, ctx)
                        .onSuccess(response -> send(ctx.request(), response))
                        .onFailure(ctx::fail));
        SojournHandler site = SojournHandler.create(content.sessions(), router);
        HttpServer http = vertx.createHttpServer().requestHandler(request -> {
            if (path(request).equals(LabEndpoints.BARE)) {
                send(request, endpoints.respondBare(request.method().name(), path(request), request.query()));
            } else {
                site.handle(request);
            }
        });
        http.listen(port, LabServer.HOST).await();
        return new RunningServer(vertx, http);
    }

    private static Future<LabResponse> respond(Vertx vertx, LabEndpoints endpoints, RoutingContext ctx) {
        return switch (endpoints.workOf(path(ctx.request()))) {
            case NO_SESSION -> Future.succeededFuture(respond(endpoints, ctx, RequestSessions.NONE));
            case SESSION -> Sojourn.session(ctx).map(loaded -> respond(endpoints, ctx));
            case SEALED -> Sojourn.sealed(ctx).map(opened -> respond(endpoints, ctx));
            case VIEW -> Sojourn.view(ctx).map(verified -> respond(endpoints, ctx));
            case BLOCKING -> vertx.executeBlocking(() -> respond(endpoints, ctx), false);
        };
    }

    private static LabResponse respond(LabEndpoints endpoints, RoutingContext ctx) {
        return respond(endpoints, ctx, new VertxSessions(ctx));
    }

    private static LabResponse respond(LabEndpoints endpoints, RoutingContext ctx, RequestSessions sessions) {
        return endpoints.respond(
                ctx.request().method().name(),
                path(ctx.request()),
                ctx.request().query(),
                sessions);
    }

    /** The futures are complete: the session is loaded, or this is a worker thread. */
    private record VertxSessions(RoutingContext ctx) implements RequestSessions {
        @Override
        public Session session() {
            return Sojourn.session(ctx).result();
        }

        @Override
        public SealedSession sealed() {
            return Sojourn.sealed(ctx).result();
        }

        @Override
        public SessionView view() {
            return Sojourn.view(ctx).result();
        }
    }

    private static String path(HttpServerRequest request) {
        return String.valueOf(request.path());
    }

    private static void send(HttpServerRequest request, LabResponse response) {
        request.response()
                .setStatusCode(response.status())
                .putHeader("Content-Type", LabResponse.TYPE)
                .end(response.text());
    }

    private record RunningServer(Vertx vertx, HttpServer http) implements LabServer {
        @Override
        public int port() {
            return http.actualPort();
        }

        @Override
        public void close() {
            vertx.close().await();
        }
    }
}
