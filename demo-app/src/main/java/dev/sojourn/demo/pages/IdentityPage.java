package dev.sojourn.demo.pages;

import dev.sojourn.Session;
import dev.sojourn.demo.web.Answer;
import dev.sojourn.demo.web.Routes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives the session another id, or ends it. */
final class IdentityPage {
    private final Templates templates;

    IdentityPage(Templates templates) {
        this.templates = templates;
    }

    void mount(Routes routes) {
        routes.get("/identity", request -> templates.page(request, "identity", "New id", view(request.session())));
        routes.post("/identity/change", request -> {
            request.session().changeId();
            return Answer.seeOther(Notice.CHANGED_ID.at("/identity"));
        });
        routes.post("/identity/regenerate", request -> {
            request.session().regenerate();
            return Answer.seeOther(Notice.REGENERATED.at("/identity"));
        });
        routes.post("/identity/destroy", request -> {
            request.session().destroy();
            return Answer.seeOther(Notice.DESTROYED.at("/identity"));
        });
    }

    private static View view(Session session) {
        return session.isNew()
                ? new View(null, null, List.of())
                : new View(session.publicId(), session.subject(), List.copyOf(session.names()));
    }

    /** What there is to show of a stored session; without one there is no handle. */
    record View(@Nullable String handle, @Nullable String user, List<String> names) {}
}
