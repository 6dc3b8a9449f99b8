package dev.sojourn.spring;

import dev.sojourn.servlet.AttributeFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.web.servlet.FlashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The format of redirect attributes: flash maps with their contents, target request and expiration time. */
final class FlashMapFormat implements ValueFormat {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Override
    public String tag() {
        return "flash-maps";
    }

    @Override
    public boolean supports(Object value) {
        return value instanceof List<?> list && !list.isEmpty() && list.stream().allMatch(FlashMap.class::isInstance);
    }

    @Override
    public JsonNode write(String name, Object value, AttributeFormat all) {
        ArrayNode maps = JSON.arrayNode();
        for (Object each : (List<?>) value) {
            maps.add(write(name, (FlashMap) each, all));
        }
        return maps;
    }

    private static ObjectNode write(String name, FlashMap map, AttributeFormat all) {
        ObjectNode written = JSON.objectNode();
        if (map.getTargetRequestPath() != null) {
            written.put("path", map.getTargetRequestPath());
        }
        written.put("expires", map.getExpirationTime());
        ObjectNode params = written.putObject("params");
        map.getTargetRequestParams().forEach((param, values) -> {
            ArrayNode list = params.putArray(param);
            values.forEach(list::add);
        });
        ObjectNode content = written.putObject("attributes");
        map.forEach(
                (key, value) -> content.set(key, value == null ? JSON.nullNode() : all.write(name + "." + key, value)));
        return written;
    }

    @Override
    public Object read(JsonNode stored, AttributeFormat all) {
        List<FlashMap> maps = new CopyOnWriteArrayList<>();
        for (JsonNode each : stored) {
            maps.add(readOne(each, all));
        }
        return maps;
    }

    private static FlashMap readOne(JsonNode stored, AttributeFormat all) {
        FlashMap map = new FlashMap();
        if (stored.has("path")) {
            map.setTargetRequestPath(stored.get("path").stringValue());
        }
        map.setExpirationTime(stored.get("expires").longValue());
        stored.get("params")
                .properties()
                .forEach(param -> param.getValue()
                        .forEach(value -> map.addTargetRequestParam(param.getKey(), value.stringValue())));
        stored.get("attributes")
                .properties()
                .forEach(each -> map.put(each.getKey(), each.getValue().isNull() ? null : all.read(each.getValue())));
        return map;
    }
}
