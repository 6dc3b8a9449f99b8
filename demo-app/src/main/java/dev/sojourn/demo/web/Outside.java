package dev.sojourn.demo.web;

import java.util.List;

/** What the demo answers outside of its sessions: a server mounts this where the session's adapter is not. */
public final class Outside {
    private static final String HEALTH = "/health";

    /** Where it is mounted: a path that ends in a slash stands for everything below it, any other for itself. */
    public static final List<String> PATHS = List.of(Assets.PATH, HEALTH);

    private final Assets assets;
    private final HealthCheck health;

    /**
     * Stylesheets and the health check.
     *
     * @param assets what is below {@code /assets/}
     * @param health what is at {@code /health}
     */
    public Outside(Assets assets, HealthCheck health) {
        this.assets = assets;
        this.health = health;
    }

    /**
     * Whether this path is answered here.
     *
     * @param path a request's path
     * @return whether it is one of {@link #PATHS}
     */
    public static boolean has(String path) {
        return PATHS.stream().anyMatch(each -> each.endsWith("/") ? path.startsWith(each) : path.equals(each));
    }

    /**
     * Answers. May block: the health check asks the store.
     *
     * @param request the request
     * @return the answer
     */
    public Answer answer(Incoming request) {
        String path = Target.of(request).path();
        if (path.startsWith(Assets.PATH)) {
            return assets.answer(request.method(), path);
        }
        return path.equals(HEALTH) ? health.answer() : Answer.empty(404);
    }
}
