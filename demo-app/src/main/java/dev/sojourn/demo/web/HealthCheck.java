package dev.sojourn.demo.web;

import dev.sojourn.Health;
import dev.sojourn.Sessions;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Reports whether the store is available, for load balancers and operators. */
public final class HealthCheck {
    private final Sessions sessions;
    private final String store;
    private final JsonMapper json = new JsonMapper();

    /**
     * Creates a health check.
     *
     * @param sessions the sessions whose store is checked
     * @param store the store's name
     */
    public HealthCheck(Sessions sessions, String store) {
        this.sessions = sessions;
        this.store = store;
    }

    Response respond() {
        Health health = sessions.health();
        Map<String, String> headers = Map.of("Content-Type", "application/json", "Cache-Control", "no-store");
        return new Response(health.up() ? 200 : 503, headers, json.writeValueAsBytes(toJson(health)));
    }

    private Map<String, Object> toJson(Health health) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("up", health.up());
        fields.put("store", store);
        fields.put("tookMillis", health.took().toMillis());
        health.problem().ifPresent(problem -> fields.put("problem", problem));
        return fields;
    }
}
