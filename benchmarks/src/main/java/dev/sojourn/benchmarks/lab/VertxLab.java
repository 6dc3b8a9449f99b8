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

/** The lab over Vert.x, as its applications are: what waits for nothing is answered on the event loop. */
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
                .handler(ctx -> answer(vertx, ctx)
                        .onSuccess(answer -> send(ctx.request(), answer))
                        .onFailure(ctx::fail));
        SojournHandler inside = SojournHandler.create(sessions, router);
        HttpServer http = vertx.createHttpServer().requestHandler(request -> {
            if (path(request).equals(LabEndpoints.BARE)) {
                send(request, LabEndpoints.answerBare(request.method().name(), path(request), request.query()));
            } else {
                inside.handle(request);
            }
        });
        http.listen(port, LabServer.HOST).await();
        return new Running(vertx, http);
    }

    private static Future<LabAnswer> answer(Vertx vertx, RoutingContext ctx) {
        return switch (LabEndpoints.work(path(ctx.request()))) {
            case NO_SESSION ->
                Future.succeededFuture(answer(ctx, () -> {
                    throw new IllegalStateException("this path has no session");
                }));
            case IN_MEMORY -> Sojourn.session(ctx).map(session -> answer(ctx, () -> session));
            case WAITS ->
                vertx.executeBlocking(
                        () -> answer(ctx, () -> Sojourn.session(ctx).result()), false);
        };
    }

    private static LabAnswer answer(RoutingContext ctx, Supplier<Session> session) {
        return LabEndpoints.answer(
                ctx.request().method().name(),
                path(ctx.request()),
                ctx.request().query(),
                session);
    }

    private static String path(HttpServerRequest request) {
        return String.valueOf(request.path());
    }

    private static void send(HttpServerRequest request, LabAnswer answer) {
        request.response()
                .setStatusCode(answer.status())
                .putHeader("Content-Type", LabAnswer.TYPE)
                .end(answer.text());
    }

    private record Running(Vertx vertx, HttpServer http) implements LabServer {
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
