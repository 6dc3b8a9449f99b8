package example;

import dev.sojourn.Sessions;
import dev.sojourn.vertx.Sojourn;
import dev.sojourn.vertx.SojournHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;

public class Counter {
    public static void main(String[] args) {
        Sessions sessions = Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")));
        serve(Vertx.vertx(), sessions, 8080).await();
    }

    public static Future<HttpServer> serve(Vertx vertx, Sessions sessions, int port) {
        Router router = Router.router(vertx);
        router.get("/")
                .respond(ctx -> Sojourn.session(ctx).map(session -> {
                    Integer before = session.get("views", Integer.class);
                    int views = before == null ? 1 : before + 1;
                    session.set("views", views);
                    return "You have been here " + views + " times\n";
                }));
        return vertx.createHttpServer()
                .requestHandler(SojournHandler.create(sessions, router))
                .listen(port, "localhost");
    }
}
