package dev.sojourn.demo.pages;

import dev.sojourn.Revocations;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import org.jspecify.annotations.Nullable;

/** Ends all sealed sessions of the user. They cannot be listed, because they exist in their browsers only. */
final class SealedDevicesPage {
    private final Templates templates;
    private final Revocations revocations;

    SealedDevicesPage(Templates templates, Revocations revocations) {
        this.templates = templates;
        this.revocations = revocations;
    }

    void mount(Routes routes) {
        routes.get(
                "/devices",
                request -> templates.page(
                        request,
                        "sealed-devices",
                        DevicesPage.TITLE,
                        new View(request.session().subject())));
        routes.post("/devices/end-all", this::endAll);
    }

    private Response endAll(Request request) {
        String user = request.session().subject();
        if (user == null) {
            return Response.seeOther("/devices");
        }
        revocations.endAll(user);
        request.session().destroy();
        return Response.seeOther(Notice.ENDED_SEALED.addTo("/devices"));
    }

    record View(@Nullable String user) {}
}
