package dev.sojourn.clients;

import dev.sojourn.DetachedSession;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.servers.TlsFiles;
import dev.sojourn.vertx.Sojourn;
import dev.sojourn.vertx.SojournHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The application on Vert.x, with HTTP/2 and a WebSocket whose handshake can start the session. */
record VertxAppServer(Vertx vertx, HttpServer server) implements AppServer {
    static AppServer start(String host, Sessions sessions, @Nullable TlsFiles tls) {
        Vertx vertx = Vertx.vertx();
        HttpServerOptions options = new HttpServerOptions().setHost(host).setPort(0);
        if (tls != null) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_0))
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(tls.certificate().toString())
                            .setKeyPath(tls.key().toString()));
        }
        Router router = Router.router(vertx);
        router.route("/socket").handler(ctx -> socket(vertx, ctx));
        router.route()
                .respond(ctx -> Sojourn.session(ctx)
                        .compose(session -> vertx.executeBlocking(() -> App.respond(
                                session,
                                ctx.request().path(),
                                protocol(ctx.request().version())))));
        HttpServer server = vertx.createHttpServer(options)
                .requestHandler(SojournHandler.create(sessions, router))
                .listen()
                .await();
        return new VertxAppServer(vertx, server);
    }

    private static String protocol(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> "1.0";
            case HTTP_1_1 -> "1.1";
            default -> "2";
        };
    }

    private static void socket(Vertx vertx, RoutingContext ctx) {
        Sojourn.session(ctx)
                // The handshake waits until the session is saved on a worker thread.
                .onSuccess(session -> ctx.request().pause())
                .compose(session -> vertx.executeBlocking(() -> startSession(session)))
                .compose(session -> open(vertx, ctx, session))
                .onFailure(ctx::fail);
    }

    private static DetachedSession startSession(Session session) {
        if (!session.has("views")) {
            session.set("views", 0);
        }
        session.save();
        return session.toDetached();
    }

    private static Future<?> open(Vertx vertx, RoutingContext ctx, DetachedSession session) {
        return ctx.request()
                .toWebSocket()
                .onSuccess(socket ->
                        socket.textMessageHandler(text -> vertx.executeBlocking(() -> AppSocket.reply(session, text))
                                .onSuccess(socket::writeTextMessage)));
    }

    @Override
    public int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
