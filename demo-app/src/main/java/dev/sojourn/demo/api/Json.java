package dev.sojourn.demo.api;

import dev.sojourn.demo.web.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Creates responses of JSON, which no cache may store. */
final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    static Response respond(int status, Object value) {
        return respond(status, MAPPER.writeValueAsString(value));
    }

    static Response respond(int status, String json) {
        return new Response(
                status,
                Map.of("Content-Type", "application/json", "Cache-Control", "no-store"),
                (json + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
