package dev.sojourn.benchmarks.lab;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lab's endpoints over one kind of session, independent of a framework. All bodies are plain text. */
final class LabEndpoints {
    /** The only path that is mounted outside the session middleware. */
    static final String BARE = "/bare";

    private final Map<String, Endpoint> endpoints = new HashMap<>();

    /** Creates the two endpoints that use no session. */
    LabEndpoints() {
        get(BARE, Work.NO_SESSION, (sessions, query) -> Attributes.OK);
        get("/plain", Work.NO_SESSION, (sessions, query) -> Attributes.OK);
    }

    /** How an endpoint uses its session and its thread, for frameworks whose threads must not block. */
    enum Work {
        /** Does not use the session, so it must not be loaded. */
        NO_SESSION,
        /** Does not block after the session is loaded from the store. */
        SESSION,
        /** Does not block after the sealed session is opened. */
        SEALED,
        /** Does not block after the access token is verified. */
        VIEW,
        /** Calls the store or sleeps: must run on a worker thread. */
        BLOCKING
    }

    /** Handles the requests to one endpoint. */
    interface Handler {
        /** Returns the response's body. Asks for the session only if it uses the session. */
        String handle(RequestSessions sessions, Parameters query);
    }

    private record Endpoint(String method, Work work, Handler handler) {}

    /** Adds an endpoint for GET, or replaces the one at its path. */
    void get(String path, Work work, Handler handler) {
        endpoints.put(path, new Endpoint("GET", work, handler));
    }

    /** Adds an endpoint for POST, or replaces the one at its path. */
    void post(String path, Work work, Handler handler) {
        endpoints.put(path, new Endpoint("POST", work, handler));
    }

    /** Returns how a path's endpoint uses its thread. */
    Work workOf(String path) {
        Endpoint endpoint = endpoints.get(path);
        return endpoint == null ? Work.NO_SESSION : endpoint.work();
    }

    /**
     * Handles a request. Exceptions of the session are not caught, because the session adapter responds to them.
     *
     * @param path the path, decoded
     * @param query the raw query, or null
     * @param sessions supplies the request's session
     */
    LabResponse respond(String method, String path, @Nullable String query, RequestSessions sessions) {
        try {
            return new LabResponse(200, endpoint(method, path).handler().handle(sessions, new Parameters(query)));
        } catch (LabHttpException e) {
            return new LabResponse(e.status(), String.valueOf(e.getMessage()));
        }
    }

    /** Handles a request to {@link #BARE} or a path below it. */
    LabResponse respondBare(String method, String path, @Nullable String query) {
        return respond(method, path, query, RequestSessions.NONE);
    }

    private Endpoint endpoint(String method, String path) {
        Endpoint endpoint = endpoints.get(path);
        if (endpoint == null) {
            throw new LabHttpException(404, "not found");
        }
        if (!endpoint.method().equals(method)) {
            throw new LabHttpException(405, path + " requires " + endpoint.method());
        }
        return endpoint;
    }
}
