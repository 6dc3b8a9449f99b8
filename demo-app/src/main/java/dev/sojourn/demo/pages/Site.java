package dev.sojourn.demo.pages;

import dev.sojourn.Revocations;
import dev.sojourn.TokenSessions;
import dev.sojourn.demo.api.Api;
import dev.sojourn.demo.journal.Journal;
import dev.sojourn.demo.web.HttpErrorException;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import dev.sojourn.demo.web.SessionPlace;
import dev.sojourn.demo.web.Website;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** All pages of the demo. */
public final class Site implements Website {
    private final Routes routes = new Routes();
    private final SessionPlace place;
    private final Templates templates;

    private Site(
            SessionPlace place,
            AttributeRoom room,
            @Nullable DeviceList devices,
            Clock clock,
            Journal journal,
            String storeName,
            String foreignPage) {
        this.place = place;
        this.templates = new Templates(journal, place, storeName);
        new CounterPage(templates).mount(routes);
        new AttributesPage(templates, room).mount(routes);
        new AccountPage(templates, devices, foreignPage, clock).mount(routes);
        StatusEndpoint.mount(routes);
        new IdentityPage(templates).mount(routes);
        new CookiePage(templates, clock).mount(routes);
        new TokensPage(templates).mount(routes);
        new CostPage(templates).mount(routes);
        routes.get("/journal", request -> templates.page(request, "journal", "Journal", new EmptyView()));
    }

    /**
     * Creates the pages over sessions in a store, and the API over the same store.
     *
     * @param tokens the sessions of the API, which also give access to all sessions of a user
     * @param clock the clock
     * @param journal the requests that pages show
     * @param storeName the store's name on the pages
     * @param foreignPage the address of a page of another origin
     * @return the pages
     */
    public static Site inStore(
            TokenSessions tokens, Clock clock, Journal journal, String storeName, String foreignPage) {
        DeviceList devices = new DeviceList(tokens, clock);
        Site site =
                new Site(SessionPlace.STORE, AttributeRoom.IN_STORE, devices, clock, journal, storeName, foreignPage);
        new DevicesPage(site.templates, devices).mount(site.routes);
        new Api(tokens).mount(site.routes);
        return site;
    }

    /**
     * Creates the pages over sealed sessions. Those that need a store say so.
     *
     * @param revocations ends sessions
     * @param clock the clock
     * @param journal the requests that pages show
     * @param storeName what the pages show instead of a store's name
     * @param foreignPage the address of a page of another origin
     * @return the pages
     */
    public static Site sealed(
            Revocations revocations, Clock clock, Journal journal, String storeName, String foreignPage) {
        Site site =
                new Site(SessionPlace.COOKIE, AttributeRoom.IN_COOKIE, null, clock, journal, storeName, foreignPage);
        new SealedDevicesPage(site.templates, revocations).mount(site.routes);
        return site;
    }

    @Override
    public Routes routes() {
        return routes;
    }

    @Override
    public SessionPlace sessionPlace() {
        return place;
    }

    @Override
    public Response errorPage(HttpErrorException error, Request request) {
        if (Api.contains(request.path())) {
            return Api.error(error);
        }
        Response response = templates.error(error.status(), request, error.title(), new ErrorView(error.text()));
        return response.with(error.headers());
    }

    /** The data of a template that needs none. */
    record EmptyView() {}

    record ErrorView(String text) {}
}
