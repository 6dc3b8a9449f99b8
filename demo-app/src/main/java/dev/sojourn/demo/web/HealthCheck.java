package dev.sojourn.demo.web;

import dev.sojourn.Health;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/** Reports whether the store is available, for load balancers and operators. */
public final class HealthCheck {
    private final Supplier<Health> check;
    private final String store;
    private final JsonMapper json = new JsonMapper();

    /**
     * Creates a health check.
     *
     * @param check checks the store; may block
     * @param store the store's name
     */
    public HealthCheck(Supplier<Health> check, String store) {
        this.check = check;
        this.store = store;
    }

    Response respond() {
        Health health = check.get();
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
