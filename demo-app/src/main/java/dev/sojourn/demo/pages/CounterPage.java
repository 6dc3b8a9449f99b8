package dev.sojourn.demo.pages;

import dev.sojourn.EditableSession;
import dev.sojourn.Key;
import dev.sojourn.Session;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The page counter. It counts views, so this is the only page whose GET request changes the session. A HEAD request is
 * not counted.
 */
final class CounterPage {
    static final Key<Integer> VIEWS = Key.of("views", Integer.class);

    private final Templates templates;

    CounterPage(Templates templates) {
        this.templates = templates;
    }

    void mount(Routes routes) {
        routes.get("/", this::show);
    }

    private Response show(Request request) {
        Integer views = request.method().equals("HEAD") ? request.session().get(VIEWS) : count(request);
        return templates.page(request, "counter", "Page counter", new View(views == null ? 0 : views));
    }

    private static @Nullable Integer count(Request request) {
        Optional<Session> stored = request.storedSession();
        return stored.isPresent()
                ? stored.get().update(VIEWS, n -> n == null ? 1 : n + 1)
                : countApproximately(request.session());
    }

    /** A session without a store cannot be updated exactly. */
    private static int countApproximately(EditableSession session) {
        Integer before = session.get(VIEWS);
        int views = before == null ? 1 : before + 1;
        session.set(VIEWS, views);
        return views;
    }

    record View(int views) {
        String times() {
            return views == 1 ? "once" : views + " times";
        }
    }
}
