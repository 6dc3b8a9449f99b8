package dev.sojourn.demo.servers;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.demo.journal.StoreCall;
import dev.sojourn.demo.journal.StoreCalls;
import dev.sojourn.demo.web.Dispatcher;
import dev.sojourn.demo.web.RequestSessions;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.SessionlessPaths;
import dev.sojourn.vertx.Sojourn;
import dev.sojourn.vertx.SojournHandler;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.spi.context.storage.ContextLocal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The demo on Vert.x. The pages may block, so they run on worker threads. */
final class VertxServer implements Adapter {
    /** The store calls in a request's context. Must be registered before Vert.x starts. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // no Class object exists for List<StoreCall>
    private static final ContextLocal<List> CALLS = ContextLocal.registerLocal(List.class);

    private static final String BODY = "body";

    @Override
    public String name() {
        return "vertx";
    }

    /** Returns a slot in the request's context, because the event loop and one or more workers process a request. */
    @Override
    public StoreCalls.Slot slot() {
        return new ContextSlot();
    }

    @Override
    public RunningServer start(int port, DemoContent content) throws IOException {
        Vertx vertx = Vertx.vertx();
        HttpServer http = vertx.createHttpServer().requestHandler(site(vertx, content));
        try {
            http.listen(port, InetAddress.getLoopbackAddress().getHostAddress()).await();
            return new RunningVertx(vertx, http);
        } catch (Exception e) { // await throws any cause
            vertx.close().await();
            throw StartFailure.of(e);
        }
    }

    private static Handler<HttpServerRequest> site(Vertx vertx, DemoContent content) {
        Handler<HttpServerRequest> sessionless =
                router(vertx, ctx -> content.sessionless().respond(request(ctx)));
        Handler<HttpServerRequest> pages =
                router(vertx, ctx -> content.pages().respond(request(ctx), new VertxSessions(ctx)));
        Handler<HttpServerRequest> site =
                new VertxJournalHandler(content.recorder(), SojournHandler.create(content.sessions(), pages));
        return request ->
                (SessionlessPaths.contains(String.valueOf(request.path())) ? sessionless : site).handle(request);
    }

    private interface Responder {
        Response respond(RoutingContext ctx) throws IOException;
    }

    private static Router router(Vertx vertx, Responder responder) {
        Router router = Router.router(vertx);
        router.route().handler(VertxServer::readBody);
        router.route()
                .blockingHandler(
                        ctx -> {
                            try {
                                send(ctx, responder.respond(ctx));
                            } catch (IOException e) {
                                ctx.fail(e);
                            }
                        },
                        false);
        return router;
    }

    /** Reads the body in advance, up to the limit of the pages. */
    private static void readBody(RoutingContext ctx) {
        Buffer body = Buffer.buffer();
        ctx.request().handler(part -> {
            if (body.length() <= Dispatcher.MAX_FORM_BYTES) {
                body.appendBuffer(part);
            }
        });
        ctx.request().endHandler(end -> {
            ctx.put(BODY, body);
            ctx.next();
        });
    }

    private static VertxRawRequest request(RoutingContext ctx) {
        return new VertxRawRequest(ctx.request(), ctx.get(BODY, Buffer.buffer()));
    }

    private static void send(RoutingContext ctx, Response response) {
        HttpServerResponse out = ctx.response().setStatusCode(response.status());
        response.headers().forEach(out::putHeader);
        if (response.body().length > 0 && !ctx.request().method().equals(HttpMethod.HEAD)) {
            out.end(Buffer.buffer(response.body()));
        } else {
            out.end();
        }
    }

    private static final class ContextSlot implements StoreCalls.Slot {
        @Override
        public void set(@Nullable List<StoreCall> calls) {
            Context context = Vertx.currentContext();
            if (context != null) {
                context.putLocal(CALLS, calls);
            }
        }

        @Override
        @SuppressWarnings("unchecked") // set() accepts this type only
        public @Nullable List<StoreCall> get() {
            Context context = Vertx.currentContext();
            return context == null ? null : context.getLocal(CALLS);
        }
    }

    /** The futures are complete, because the pages run on workers. */
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

    private record RunningVertx(Vertx vertx, HttpServer http) implements RunningServer {
        @Override
        public int port() {
            return http.actualPort();
        }

        @Override
        public void close() {
            http.shutdown(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS).await();
            vertx.close().await();
        }
    }
}
