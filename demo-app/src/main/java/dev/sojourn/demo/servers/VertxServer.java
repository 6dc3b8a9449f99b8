package dev.sojourn.demo.servers;

import dev.sojourn.demo.journal.StoreCall;
import dev.sojourn.demo.journal.StoreCalls;
import dev.sojourn.demo.web.Answer;
import dev.sojourn.demo.web.Dispatcher;
import dev.sojourn.demo.web.Outside;
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

/** Vert.x. The pages may wait, so they are made on its workers. */
final class VertxServer implements Adapter {
    /** Each request has a context of its own. Vert.x wants to know of this before it is started. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // there is no class of lists of calls
    private static final ContextLocal<List> CALLS = ContextLocal.registerLocal(List.class);

    private static final String BODY = "body";

    @Override
    public String name() {
        return "vertx";
    }

    /** An event loop receives the request, and one worker or more do the rest. */
    @Override
    public StoreCalls.Slot slot() {
        return new ContextSlot();
    }

    @Override
    public Running start(int port, Served served) throws IOException {
        Vertx vertx = Vertx.vertx();
        HttpServer http = vertx.createHttpServer().requestHandler(site(vertx, served));
        try {
            http.listen(port, InetAddress.getLoopbackAddress().getHostAddress()).await();
            return new OnVertx(vertx, http);
        } catch (Exception e) { // await throws whatever kept it from listening
            vertx.close().await();
            throw NotStarted.because(e);
        }
    }

    private static Handler<HttpServerRequest> site(Vertx vertx, Served served) {
        Handler<HttpServerRequest> outside =
                answering(vertx, ctx -> served.outside().answer(incoming(ctx)));
        Handler<HttpServerRequest> pages = answering(
                vertx,
                ctx -> served.pages()
                        .answer(incoming(ctx), () -> Sojourn.session(ctx).result()));
        Handler<HttpServerRequest> inside =
                new VertxJournal(served.recorder(), SojournHandler.create(served.sessions(), pages));
        return request -> (Outside.has(String.valueOf(request.path())) ? outside : inside).handle(request);
    }

    private interface Page {
        Answer answer(RoutingContext ctx) throws IOException;
    }

    private static Router answering(Vertx vertx, Page page) {
        Router router = Router.router(vertx);
        router.route().handler(VertxServer::readBody);
        router.route()
                .blockingHandler(
                        ctx -> {
                            try {
                                send(ctx, page.answer(ctx));
                            } catch (IOException e) {
                                ctx.fail(e);
                            }
                        },
                        false);
        return router;
    }

    /** Reads the body ahead, as far as the pages look at it. */
    private static void readBody(RoutingContext ctx) {
        Buffer body = Buffer.buffer();
        ctx.request().handler(part -> {
            if (body.length() <= Dispatcher.LARGEST_FORM) {
                body.appendBuffer(part);
            }
        });
        ctx.request().endHandler(end -> {
            ctx.put(BODY, body);
            ctx.next();
        });
    }

    private static VertxIncoming incoming(RoutingContext ctx) {
        return new VertxIncoming(ctx.request(), ctx.get(BODY, Buffer.buffer()));
    }

    private static void send(RoutingContext ctx, Answer answer) {
        HttpServerResponse response = ctx.response().setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        if (answer.body().length > 0 && !ctx.request().method().equals(HttpMethod.HEAD)) {
            response.end(Buffer.buffer(answer.body()));
        } else {
            response.end();
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
        @SuppressWarnings("unchecked") // what was set
        public @Nullable List<StoreCall> get() {
            Context context = Vertx.currentContext();
            return context == null ? null : context.getLocal(CALLS);
        }
    }

    private record OnVertx(Vertx vertx, HttpServer http) implements Running {
        @Override
        public int port() {
            return http.actualPort();
        }

        @Override
        public void close() {
            http.shutdown(PATIENCE.toSeconds(), TimeUnit.SECONDS).await();
            vertx.close().await();
        }
    }
}
