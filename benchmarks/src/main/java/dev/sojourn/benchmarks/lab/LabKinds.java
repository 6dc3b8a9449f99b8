package dev.sojourn.benchmarks.lab;

import dev.sojourn.EditableSession;
import dev.sojourn.SealedSessions;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.TokenSessions;
import dev.sojourn.benchmarks.lab.LabEndpoints.Work;
import java.util.function.Function;

/** The lab's content for each kind of session. */
final class LabKinds {
    private LabKinds() {}

    /** Returns the lab over sessions in a store. */
    static LabContent inStore(Sessions sessions) {
        return new LabContent(sessions, endpointsInStore());
    }

    /** Returns the lab over sealed sessions. They cannot be updated exactly, so {@code /incr} responds with 501. */
    static LabContent sealed(SealedSessions sessions) {
        LabEndpoints endpoints = editing(Work.SEALED, RequestSessions::sealed);
        // Reads the revocations, which may end all sessions of the user at the same time.
        endpoints.post("/login", Work.BLOCKING, (request, query) -> Attributes.login(request.sealed(), query));
        endpoints.post("/incr", Work.NO_SESSION, (request, query) -> {
            throw new LabHttpException(501, "a sealed session has no exact update; it needs a store");
        });
        return new LabContent(sessions, endpoints);
    }

    /** Returns the lab over access tokens and refresh tokens. All endpoints but those that issue tokens need one. */
    static LabContent tokens(TokenSessions tokens) {
        LabEndpoints endpoints = editing(Work.SESSION, LabKinds::signedIn);
        endpoints.post("/incr", Work.BLOCKING, (request, query) -> Attributes.increment(signedIn(request), query));
        // The only endpoint that reads the token and not the session: it costs no store call.
        endpoints.get("/whoami", Work.VIEW, (request, query) -> Attributes.subject(request.view()));
        endpoints.post("/login", Work.BLOCKING, (request, query) -> {
            Attributes.login(request.session(), query);
            return tokens.issue(request.session()).toJson();
        });
        endpoints.post("/seed", Work.BLOCKING, (request, query) -> {
            Attributes.seed(request.session(), query);
            request.session().login(query.text("user"));
            return tokens.issue(request.session()).toJson();
        });
        endpoints.post(
                "/refresh",
                Work.BLOCKING,
                (request, query) -> tokens.refresh(query.text("refresh_token")).toJson());
        endpoints.post("/revoke", Work.BLOCKING, (request, query) -> {
            tokens.revoke(query.text("token"));
            return Attributes.OK;
        });
        return new LabContent(tokens, endpoints);
    }

    private static LabEndpoints endpointsInStore() {
        LabEndpoints endpoints = editing(Work.SESSION, RequestSessions::session);
        endpoints.post("/incr", Work.BLOCKING, (request, query) -> Attributes.increment(request.session(), query));
        return endpoints;
    }

    /** Returns the endpoints that every session has which a request can change. */
    private static LabEndpoints editing(Work work, Function<RequestSessions, ? extends EditableSession> session) {
        LabEndpoints endpoints = new LabEndpoints();
        endpoints.get("/read", work, (request, query) -> Attributes.views(session.apply(request)));
        endpoints.get("/view", work, (request, query) -> Attributes.countView(session.apply(request)));
        endpoints.post("/set", work, (request, query) -> Attributes.set(session.apply(request), query));
        endpoints.get("/get", work, (request, query) -> Attributes.get(session.apply(request), query));
        endpoints.post(
                "/slowset", Work.BLOCKING, (request, query) -> Attributes.setSlowly(session.apply(request), query));
        endpoints.post("/login", work, (request, query) -> Attributes.login(session.apply(request), query));
        endpoints.post("/logout", work, (request, query) -> Attributes.logout(session.apply(request)));
        endpoints.get("/whoami", work, (request, query) -> Attributes.subject(session.apply(request)));
        endpoints.post("/seed", work, (request, query) -> Attributes.seed(session.apply(request), query));
        return endpoints;
    }

    /** Returns the session of the request's access token, because no client can return to a session without tokens. */
    private static Session signedIn(RequestSessions request) {
        request.session().requireSubject();
        return request.session();
    }
}
