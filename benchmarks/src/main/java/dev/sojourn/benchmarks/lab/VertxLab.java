package dev.sojourn.benchmarks.lab;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.vertx.Sojourn;
import dev.sojourn.vertx.SojournHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/** The lab on Vert.x. As in applications, endpoints that do not block run on the event loop. */
final class VertxLab implements LabAdapter {
    private static final int WORKERS = 64;

    @Override
    public String name() {
        return "vertx";
    }

    @Override
    public LabServer start(int port, Sessions sessions) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(WORKERS));
        Router router = Router.router(vertx);
        router.route()
                .handler(ctx -> respond(vertx, ctx)
                        .onSuccess(response -> send(ctx.request(), response))
                        .onFailure(ctx::fail));
        SojournHandler endpoints = SojournHandler.create(sessions, router);
        HttpServer http = vertx.createHttpServer().requestHandler(request -> {
            if (path(request).equals(LabEndpoints.BARE)) {
                send(request, LabEndpoints.respondBare(request.method().name(), path(request), request.query()));
            } else {
                endpoints.handle(request);
            }
        });
        http.listen(port, LabServer.HOST).await();
        return new RunningServer(vertx, http);
    }

    private static Future<LabResponse> respond(Vertx vertx, RoutingContext ctx) {
        return switch (LabEndpoints.workOf(path(ctx.request()))) {
            case NO_SESSION ->
                Future.succeededFuture(respond(ctx, () -> {
                    throw new IllegalStateException("this path has no session");
                }));
            case NON_BLOCKING -> Sojourn.session(ctx).map(session -> respond(ctx, () -> session));
            case BLOCKING ->
                vertx.executeBlocking(
                        () -> respond(ctx, () -> Sojourn.session(ctx).result()), false);
        };
    }

    private static LabResponse respond(RoutingContext ctx, Supplier<Session> session) {
        return LabEndpoints.respond(
                ctx.request().method().name(),
                path(ctx.request()),
                ctx.request().query(),
                session);
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
