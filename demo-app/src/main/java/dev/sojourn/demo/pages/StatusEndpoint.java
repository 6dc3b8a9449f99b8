package dev.sojourn.demo.pages;

import dev.sojourn.EndpointResponse;
import dev.sojourn.SessionStatus;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;

/** What {@code sojourn-session.js} on the account page asks: when the session ends, and to extend it. */
public final class StatusEndpoint {
    /** The path. */
    public static final String PATH = "/session";

    private StatusEndpoint() {}

    static void mount(Routes routes) {
        routes.get(PATH, request -> response(SessionStatus.read(request.session())));
        routes.post(PATH, request -> response(SessionStatus.extend(request.session())));
    }

    private static Response response(EndpointResponse status) {
        return new Response(status.status(), status.headers(), status.body());
    }
}
