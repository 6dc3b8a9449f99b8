package dev.sojourn.demo.pages;

import dev.sojourn.Sessions;
import dev.sojourn.demo.journal.Journal;
import dev.sojourn.demo.web.Answer;
import dev.sojourn.demo.web.Refusal;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Routes;
import dev.sojourn.demo.web.WebSite;
import java.time.Clock;

/** All pages of the demo. */
public final class Site implements WebSite {
    private final Routes routes = new Routes();
    private final Templates templates;

    /**
     * The site.
     *
     * @param sessions for what concerns all sessions of a user
     * @param clock what time it is
     * @param journal what pages show of the requests before
     * @param storeName what keeps the sessions
     */
    public Site(Sessions sessions, Clock clock, Journal journal, String storeName) {
        templates = new Templates(journal, storeName);
        new CounterPage(templates).mount(routes);
        new AttributesPage(templates).mount(routes);
        new AccountPage(templates).mount(routes);
        new DevicesPage(templates, sessions, clock).mount(routes);
        new IdentityPage(templates).mount(routes);
        new CookiePage(templates, clock).mount(routes);
        new CostPage(templates).mount(routes);
        routes.get("/journal", request -> templates.page(request, "journal", "Journal", new Nothing()));
    }

    @Override
    public Routes routes() {
        return routes;
    }

    @Override
    public Answer refused(Refusal refusal, Request request) {
        Answer answer = templates.error(refusal.status(), request, refusal.title(), new ErrorView(refusal.text()));
        return answer.with(refusal.headers());
    }

    /** What a page shows that has nothing of its own to show. */
    record Nothing() {}

    record ErrorView(String text) {}
}
