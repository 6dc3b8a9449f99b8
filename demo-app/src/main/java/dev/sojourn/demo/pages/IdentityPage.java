package dev.sojourn.demo.pages;

import dev.sojourn.EditableSession;
import dev.sojourn.Session;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes the session's id, or ends the session. */
final class IdentityPage {
    private final Templates templates;

    IdentityPage(Templates templates) {
        this.templates = templates;
    }

    void mount(Routes routes) {
        routes.get("/identity", request -> templates.page(request, "identity", "New id", view(request.session())));
        routes.post("/identity/change", this::changeId);
        routes.post("/identity/regenerate", request -> {
            request.session().regenerate();
            return Response.seeOther(Notice.REGENERATED.addTo("/identity"));
        });
        routes.post("/identity/destroy", request -> {
            request.session().destroy();
            return Response.seeOther(Notice.DESTROYED.addTo("/identity"));
        });
    }

    private Response changeId(Request request) {
        Optional<Session> stored = request.storedSession();
        stored.ifPresent(Session::changeId);
        return Response.seeOther((stored.isPresent() ? Notice.CHANGED_ID : Notice.NEEDS_STORE).addTo("/identity"));
    }

    private static View view(EditableSession session) {
        return session.isNew()
                ? new View(null, null, List.of())
                : new View(session.publicId(), session.subject(), List.copyOf(session.names()));
    }

    /** The template's data. The public id is null if there is no stored session. */
    record View(@Nullable String publicId, @Nullable String user, List<String> names) {}
}
