package dev.sojourn.demo.pages;

import dev.sojourn.Key;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;

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
        Integer views = request.method().equals("HEAD")
                ? request.session().get(VIEWS)
                : request.session().update(VIEWS, n -> n == null ? 1 : n + 1);
        return templates.page(request, "counter", "Page counter", new View(views == null ? 0 : views));
    }

    record View(int views) {
        String times() {
            return views == 1 ? "once" : views + " times";
        }
    }
}
