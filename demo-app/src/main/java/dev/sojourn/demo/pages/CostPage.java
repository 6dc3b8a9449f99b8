package dev.sojourn.demo.pages;

import dev.sojourn.Key;
import dev.sojourn.demo.web.Answer;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Routes;

/** Three requests that differ only in what they do with the session, for their cost to be seen in the journal. */
final class CostPage {
    static final Key<Integer> MEASURED = Key.of("measured", Integer.class);

    private final Templates templates;

    CostPage(Templates templates) {
        this.templates = templates;
    }

    void mount(Routes routes) {
        routes.get("/cost", request -> templates.page(request, "cost", "Cost", new Site.Nothing()));
        routes.post("/cost/untouched", request -> done());
        routes.post("/cost/read", request -> {
            request.session().has(MEASURED);
            return done();
        });
        routes.post("/cost/write", this::write);
    }

    private Answer write(Request request) {
        Integer before = request.session().get(MEASURED);
        request.session().set(MEASURED, before == null ? 1 : before + 1);
        return done();
    }

    private static Answer done() {
        return Answer.seeOther(Notice.MEASURED.at("/cost"));
    }
}
