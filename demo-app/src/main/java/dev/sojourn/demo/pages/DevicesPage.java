package dev.sojourn.demo.pages;

import dev.sojourn.Session;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import org.jspecify.annotations.Nullable;

/** Lists the user's sessions with all that is known of them, and ends them. */
final class DevicesPage {
    static final String TITLE = "Where you are signed in";

    private static final String PATH = "/devices";

    private final Templates templates;
    private final DeviceList list;

    DevicesPage(Templates templates, DeviceList list) {
        this.templates = templates;
        this.list = list;
    }

    void mount(Routes routes) {
        routes.get(PATH, this::show);
        list.mount(routes, PATH);
    }

    private Response show(Request request) {
        Session session = request.storedSession().orElseThrow();
        String user = session.subject();
        View view = new View(user, user == null ? null : list.of(session, user, PATH));
        return templates.page(request, "devices", TITLE, view);
    }

    record View(@Nullable String user, DeviceList.@Nullable View list) {}
}
