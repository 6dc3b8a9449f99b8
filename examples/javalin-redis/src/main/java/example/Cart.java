package example;

import dev.sojourn.Key;
import dev.sojourn.Sessions;
import dev.sojourn.javalin.Sojourn;
import dev.sojourn.javalin.SojournPlugin;
import dev.sojourn.redis.RedisStore;
import io.javalin.Javalin;
import java.util.ArrayList;
import java.util.List;

/** Keeps a shopping cart in Redis. */
public class Cart {
    private static final Key<List<String>> ITEMS = Key.listOf("items", String.class);

    public static void main(String[] args) {
        RedisStore store = RedisStore.connect(System.getenv().getOrDefault("REDIS_URI", "redis://localhost:6379"));
        Sessions sessions =
                Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")).store(store));
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));

        Javalin app = Javalin.create(config -> {
            config.registerPlugin(new SojournPlugin(sessions));
            config.routes.get("/cart", ctx -> {
                List<String> items = Sojourn.session(ctx).get(ITEMS);
                ctx.result(items == null ? "The cart is empty.\n" : String.join(", ", items) + "\n");
            });
            config.routes.post("/cart/{item}", ctx -> {
                String item = ctx.pathParam("item");
                List<String> items = Sojourn.session(ctx).update(ITEMS, before -> with(item, before));
                ctx.result(items.size() + " in the cart\n");
            });
            config.routes.delete("/cart", ctx -> Sojourn.session(ctx).destroy());
        });
        app.start("localhost", port);
        System.out.println("Listening on http://localhost:" + app.port());
    }

    /** May run several times: {@code update} repeats it when another request has changed the session. */
    private static List<String> with(String item, List<String> before) {
        List<String> items = before == null ? new ArrayList<>() : new ArrayList<>(before);
        items.add(item);
        return items;
    }
}
