package dev.sojourn.demo.web;

import dev.sojourn.Health;
import dev.sojourn.Sessions;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Says whether the store answers, for a load balancer or an operator. */
public final class HealthCheck {
    private final Sessions sessions;
    private final String store;
    private final JsonMapper json = new JsonMapper();

    /**
     * A check.
     *
     * @param sessions whose store is asked
     * @param store what it is called
     */
    public HealthCheck(Sessions sessions, String store) {
        this.sessions = sessions;
        this.store = store;
    }

    Answer answer() {
        Health health = sessions.health();
        Map<String, String> headers = Map.of("Content-Type", "application/json", "Cache-Control", "no-store");
        return new Answer(health.up() ? 200 : 503, headers, json.writeValueAsBytes(told(health)));
    }

    private Map<String, Object> told(Health health) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("up", health.up());
        told.put("store", store);
        told.put("tookMillis", health.took().toMillis());
        health.problem().ifPresent(problem -> told.put("problem", problem));
        return told;
    }
}
