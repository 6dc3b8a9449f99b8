package dev.sojourn.vertx;

import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.testing.AdapterContract.Responder;
import dev.sojourn.testing.AdapterContract.Scenario;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;

/** A responder for Vert.x Web, for threads that may wait. */
record VertxResponder(RoutingContext ctx, String route) implements Responder {
    static Handler<RoutingContext> handler(Scenario scenario) {
        return ctx -> handle(
                scenario, new VertxResponder(ctx, String.valueOf(ctx.request().path())));
    }

    /** Returns a handler for a route of Vert.x Web's router. */
    static Handler<RoutingContext> handler(Scenario scenario, String route) {
        return ctx -> handle(scenario, new VertxResponder(ctx, route));
    }

    private static void handle(Scenario scenario, VertxResponder responder) {
        try {
            scenario.handle(responder);
        } catch (IOException e) {
            responder.ctx().fail(e);
        }
    }

    @Override
    public String path() {
        return String.valueOf(ctx.request().path());
    }

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

    @Override
    public void addHeader(String name, String value) {
        ctx.response().headers().add(name, value);
    }

    @Override
    public void send(int status, byte[] body) {
        ctx.response().setStatusCode(status).end(Buffer.buffer(body));
    }

    @Override
    public void send(EndpointResponse response) {
        Sojourn.send(ctx, response);
    }

    @Override
    public void sendEmpty(int status) {
        ctx.response().setStatusCode(status).end();
    }

    @Override
    public void redirect(String location) {
        ctx.redirect(location);
    }

    @Override
    public OutputStream stream(int status) {
        ctx.response().setStatusCode(status).setChunked(true).write(Buffer.buffer());
        return new OutputStream() {
            @Override
            public void write(int one) {
                ctx.response().write(Buffer.buffer(1).appendByte((byte) one));
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                ctx.response().write(Buffer.buffer(length).appendBytes(bytes, from, length));
            }

            @Override
            public void close() {
                ctx.response().end();
            }
        };
    }
}
