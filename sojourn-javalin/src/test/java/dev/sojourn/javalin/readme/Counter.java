package dev.sojourn.javalin.readme;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.javalin.SojournPlugin;
import io.javalin.Javalin;

public class Counter {
    public static void main(String[] args) {
        start(Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET"))), 8080);
    }

    static Javalin start(Sessions sessions, int port) {
        return Javalin.create(config -> {
                    config.registerPlugin(new SojournPlugin(sessions));
                    config.routes.get("/", ctx -> {
                        Session session = ctx.with(SojournPlugin.class);
                        Integer views = session.update("views", Integer.class, n -> n == null ? 1 : n + 1);
                        ctx.result("views: " + views + "\n");
                    });
                })
                .start(port);
    }
}
