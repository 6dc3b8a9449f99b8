package example;

import dev.sojourn.DetachedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionWatch;
import dev.sojourn.Sessions;
import dev.sojourn.vertx.Sojourn;
import dev.sojourn.vertx.SojournHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** A chat. A WebSocket uses the session of its handshake, and closes when that session ends. */
public class Chat {
    private final Vertx vertx;
    private final SessionWatch watch =
            SessionWatch.every(Duration.ofSeconds(1), Executors.newSingleThreadScheduledExecutor());
    private final Set<ServerWebSocket> sockets = ConcurrentHashMap.newKeySet();

    private Chat(Vertx vertx) {
        this.vertx = vertx;
    }

    public static void main(String[] args) {
        Sessions sessions = Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")));
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        Vertx vertx = Vertx.vertx();
        Chat chat = new Chat(vertx);

        Router router = Router.router(vertx);
        router.get("/").handler(ctx -> ctx.response().sendFile("chat.html"));
        router.post("/sign-in")
                .respond(ctx -> Sojourn.session(ctx).map(session -> {
                    session.login(ctx.request().getParam("name"));
                    ctx.response().putHeader("content-type", "text/plain");
                    return "Welcome, " + session.subject() + "\n";
                }));
        router.post("/sign-out")
                .respond(ctx -> Sojourn.session(ctx).map(session -> {
                    session.destroy();
                    ctx.response().putHeader("content-type", "text/plain");
                    return "Bye\n";
                }));
        router.get("/chat").handler(chat::open);

        HttpServer server = vertx.createHttpServer()
                .requestHandler(SojournHandler.create(sessions, router)) // in front of the router
                .listen(port, "localhost")
                .await();
        System.out.println("Listening on http://localhost:" + server.actualPort());
    }

    private void open(RoutingContext ctx) {
        Sojourn.session(ctx)
                .compose(session -> {
                    if (session.subject() == null) {
                        return ctx.response().setStatusCode(403).end("Sign in first\n");
                    }
                    DetachedSession detached = session.toDetached(); // for use after the handshake
                    return ctx.request()
                            .toWebSocket()
                            .onSuccess(socket -> join(socket, detached))
                            .<Void>mapEmpty();
                })
                .onFailure(ctx::fail);
    }

    private void join(ServerWebSocket socket, DetachedSession session) {
        sockets.add(socket);
        SessionWatch.Registration watching = watch.watch(session, () -> socket.close((short) 1008, "signed out"));
        socket.closeHandler(closed -> {
            watching.close();
            sockets.remove(socket);
        });
        socket.textMessageHandler(text -> vertx.executeBlocking(() -> {
                    session.touch(); // a message counts as use of the session
                    return session.use(Session::subject);
                })
                .onSuccess(name -> sockets.forEach(each -> each.writeTextMessage(name + ": " + text))));
    }
}
