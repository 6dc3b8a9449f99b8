package dev.sojourn.demo.pages;

import dev.sojourn.Sessions;
import dev.sojourn.demo.journal.Journal;
import dev.sojourn.demo.web.HttpErrorException;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import dev.sojourn.demo.web.Website;
import java.time.Clock;

/** All pages of the demo. */
public final class Site implements Website {
    private final Routes routes = new Routes();
    private final Templates templates;

    /**
     * Creates the pages.
     *
     * @param sessions gives access to all sessions of a user
     * @param clock the clock
     * @param journal the requests that pages show
     * @param storeName the store's name on the pages
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
        routes.get("/journal", request -> templates.page(request, "journal", "Journal", new EmptyView()));
    }

    @Override
    public Routes routes() {
        return routes;
    }

    @Override
    public Response errorPage(HttpErrorException error, Request request) {
        Response response = templates.error(error.status(), request, error.title(), new ErrorView(error.text()));
        return response.with(error.headers());
    }

    /** The data of a template that needs none. */
    record EmptyView() {}

    record ErrorView(String text) {}
}
