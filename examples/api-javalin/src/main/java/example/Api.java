package example;

import static example.ApiSessions.ORDERS;
import static example.ApiSessions.ROLE;

import dev.sojourn.IssuedTokens;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.SignInRequiredException;
import dev.sojourn.TokenSessions;
import dev.sojourn.javalin.Sojourn;
import dev.sojourn.javalin.SojournPlugin;
import io.javalin.Javalin;
import io.javalin.http.Context;

/** An API for mobile clients and for a page with a script. */
public class Api {
    public static void main(String[] args) {
        TokenSessions tokens = ApiSessions.connect();
        Javalin app = Javalin.create(config -> {
            config.registerPlugin(new SojournPlugin(tokens));
            config.staticFiles.add("/public");
            // Mobile clients keep both tokens.
            config.routes.post("/api/login", ctx -> respond(ctx, tokens.issue(signIn(ctx))));
            config.routes.post("/api/refresh", ctx -> respond(ctx, tokens.refresh(ctx.formParam("refresh_token"))));
            // Browsers keep the refresh token in a cookie.
            config.routes.post("/api/browser/login", ctx -> respond(ctx, tokens.issueInCookie(signIn(ctx))));
            config.routes.post(
                    "/api/browser/refresh", ctx -> respond(ctx, tokens.refreshFromCookie(Sojourn.session(ctx))));

            config.routes.get("/api/me", ctx -> {
                SessionView view = Sojourn.view(ctx); // reads the access token: no store call
                ctx.result(view.requireSubject() + ", " + view.get(ROLE) + "\n");
            });
            config.routes.post("/api/orders", ctx -> {
                Session session = Sojourn.session(ctx); // one load, and one write by update
                session.requireSubject();
                ctx.result(session.update(ORDERS, n -> n == null ? 1 : n + 1) + " orders\n");
            });
            config.routes.get("/api/devices", ctx -> {
                String user = Sojourn.view(ctx).requireSubject();
                ctx.result("signed in on " + tokens.of(user).list().size() + " devices\n");
            });
            config.routes.post("/api/logout", ctx -> Sojourn.session(ctx).destroy());
            config.routes.post("/api/logout-everywhere", ctx -> {
                tokens.of(Sojourn.session(ctx).requireSubject()).endAll();
            });
        });
        app.start("localhost", Integer.parseInt(System.getenv().getOrDefault("PORT", "8080")));
        System.out.println("Listening on http://localhost:" + app.port());
    }

    private static Session signIn(Context ctx) {
        String user = ctx.formParam("user");
        if (!"alice".equals(user) || !"wonderland".equals(ctx.formParam("password"))) { // look them up here
            throw new SignInRequiredException(); // 401
        }
        Session session = Sojourn.session(ctx);
        session.login(user);
        session.set(ROLE, "customer");
        return session;
    }

    private static void respond(Context ctx, IssuedTokens issued) {
        ctx.contentType("application/json").header("Cache-Control", "no-store").result(issued.toJson());
    }
}
