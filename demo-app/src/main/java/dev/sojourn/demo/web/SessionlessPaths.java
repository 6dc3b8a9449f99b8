package dev.sojourn.demo.web;

import java.util.List;

/**
 * The paths that need no session: static assets and the health check. A server mounts them outside the session adapter.
 */
public final class SessionlessPaths {
    private static final String HEALTH = "/health";

    /** The paths. One that ends in a slash includes everything below it. */
    public static final List<String> PATHS = List.of(Assets.PATH, HEALTH);

    private final Assets assets;
    private final HealthCheck health;

    /**
     * Creates the paths.
     *
     * @param assets the content below {@code /assets/}
     * @param health the check at {@code /health}
     */
    public SessionlessPaths(Assets assets, HealthCheck health) {
        this.assets = assets;
        this.health = health;
    }

    /**
     * Returns whether a path is one of these.
     *
     * @param path a request's path
     * @return whether the path is in {@link #PATHS}
     */
    public static boolean contains(String path) {
        return PATHS.stream().anyMatch(each -> each.endsWith("/") ? path.startsWith(each) : path.equals(each));
    }

    /**
     * Handles a request. May block, because the health check calls the store.
     *
     * @param request the request
     * @return the response
     */
    public Response respond(RawRequest request) {
        String path = RequestTarget.of(request).path();
        if (path.startsWith(Assets.PATH)) {
            return assets.respond(request.method(), path);
        }
        return path.equals(HEALTH) ? health.respond() : Response.empty(404);
    }
}
