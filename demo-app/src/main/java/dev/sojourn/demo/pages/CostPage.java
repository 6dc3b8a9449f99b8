package dev.sojourn.demo.pages;

import dev.sojourn.Key;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;

/** Three requests that differ only in how they use the session, so that the journal shows what each costs. */
final class CostPage {
    static final Key<Integer> MEASURED = Key.of("measured", Integer.class);

    private final Templates templates;

    CostPage(Templates templates) {
        this.templates = templates;
    }

    void mount(Routes routes) {
        routes.get("/cost", request -> templates.page(request, "cost", "Cost", new Site.EmptyView()));
        routes.post("/cost/untouched", request -> redirect());
        routes.post("/cost/read", request -> {
            request.session().has(MEASURED);
            return redirect();
        });
        routes.post("/cost/write", this::write);
    }

    private Response write(Request request) {
        Integer before = request.session().get(MEASURED);
        request.session().set(MEASURED, before == null ? 1 : before + 1);
        return redirect();
    }

    private static Response redirect() {
        return Response.seeOther(Notice.MEASURED.addTo("/cost"));
    }
}
