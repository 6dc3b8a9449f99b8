package dev.sojourn.demo.api;

import dev.sojourn.IssuedTokens;
import dev.sojourn.Key;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.TokenSessions;
import dev.sojourn.UserSession;
import dev.sojourn.demo.web.HttpErrorException;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import java.util.List;
import java.util.function.Function;

/**
 * The API. A program signs in for two tokens: an access token, which it sends with each request, and a refresh token for the
 * next pair. A script of the demo's own page gets the refresh token in a cookie that it cannot read.
 */
public final class Api {
    /** The path that contains the API. */
    public static final String PATH = "/api";

    /** The longest name of a user. */
    public static final int MAX_NAME_LENGTH = 40;

    private static final int MAX_SESSIONS = 20;
    private static final Key<Integer> VISITS = Key.of("visits", Integer.class);

    private final TokenSessions tokens;

    /**
     * Creates the API.
     *
     * @param tokens issues and accepts the tokens
     */
    public Api(TokenSessions tokens) {
        this.tokens = tokens;
    }

    /**
     * Returns whether a path belongs to the API.
     *
     * @param path the path
     * @return whether it is below {@link #PATH}
     */
    public static boolean contains(String path) {
        return path.startsWith(PATH + "/");
    }

    /**
     * Adds the endpoints.
     *
     * @param routes the routes to add to
     */
    public void mount(Routes routes) {
        routes.post(PATH + "/login", request -> login(request, tokens::issue));
        routes.post(PATH + "/refresh", request -> issued(tokens.refresh(request.field("refresh_token"))));
        routes.post(PATH + "/browser/login", request -> login(request, tokens::issueInCookie));
        routes.post(PATH + "/browser/refresh", request -> issued(tokens.refreshFromCookie(session(request))));
        routes.get(PATH + "/me", Api::me);
        routes.post(PATH + "/visits", Api::visit);
        routes.get(PATH + "/sessions", this::sessions);
        routes.post(PATH + "/sessions/end", this::endSession);
        routes.post(PATH + "/logout", Api::logout);
    }

    /**
     * Returns the response to a request that failed.
     *
     * @param error the error
     * @return JSON with the error's text
     */
    public static Response error(HttpErrorException error) {
        return Json.respond(error.status(), new Problem(error.text())).with(error.headers());
    }

    /** An application checks a password first. */
    private Response login(Request request, Function<Session, IssuedTokens> issue) {
        String name = request.field("name");
        if (name.isEmpty()
                || name.codePointCount(0, name.length()) > MAX_NAME_LENGTH
                || name.codePoints().anyMatch(Character::isISOControl)) {
            throw new HttpErrorException(
                    422, "Invalid name", "The field name has 1 to " + MAX_NAME_LENGTH + " characters.");
        }
        Session session = session(request);
        session.login(name);
        return issued(issue.apply(session));
    }

    private static Response issued(IssuedTokens tokens) {
        return Json.respond(200, tokens.toJson());
    }

    /** Reads the access token only. */
    private static Response me(Request request) {
        SessionView view = request.view();
        String user = view.requireSubject();
        return Json.respond(
                200, new Me(user, view.createdAt().toString(), view.expiresAt().toString()));
    }

    private static Response visit(Request request) {
        Session session = signedIn(request);
        Integer visits = session.update(VISITS, n -> n == null ? 1 : n + 1);
        return Json.respond(200, new Visits(visits == null ? 0 : visits));
    }

    private Response sessions(Request request) {
        Session session = signedIn(request);
        List<Device> devices = tokens.of(session.requireSubject()).list(session).stream()
                .limit(MAX_SESSIONS)
                .map(Device::of)
                .toList();
        return Json.respond(200, devices);
    }

    private Response endSession(Request request) {
        Session session = signedIn(request);
        return Json.respond(200, new Ended(tokens.of(session.requireSubject()).end(request.field("publicId"))));
    }

    private static Response logout(Request request) {
        signedIn(request).destroy();
        return Json.respond(200, new Ended(true));
    }

    private static Session signedIn(Request request) {
        Session session = session(request);
        session.requireSubject();
        return session;
    }

    private static Session session(Request request) {
        return request.storedSession().orElseThrow();
    }

    record Me(String user, String signedInAt, String tokenExpiresAt) {}

    record Visits(int visits) {}

    record Device(String publicId, boolean current, String signedInAt, String lastUsedAt, String endsAt) {
        static Device of(UserSession session) {
            return new Device(
                    session.publicId(),
                    session.current(),
                    session.createdAt().toString(),
                    session.lastAccessedAt().toString(),
                    session.expiresAt().toString());
        }
    }

    record Ended(boolean ended) {}

    record Problem(String error) {}
}
