package dev.sojourn.spring;

import dev.sojourn.servlet.AttributeFormat;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides for each attribute how it is kept: what Spring puts into sessions in its own way, everything else in that of the
 * application. The first is told from the second by a tag before it.
 */
final class SpringAttributeFormat implements AttributeFormat {
    private static final String MAP = "spring-map";
    private static final String LINKED_MAP = "spring-linked-map";

    private final List<AttributeKind> kinds;
    private final AttributeFormat rest;

    SpringAttributeFormat(List<AttributeKind> kinds, AttributeFormat rest) {
        this.kinds = List.copyOf(kinds);
        this.rest = rest;
    }

    /** The application may change how it keeps its own values while Spring's are readable both ways; theirs are then not. */
    @Override
    public String name() {
        return "spring-" + rest.name();
    }

    @Override
    public JsonNode write(String name, Object value) {
        for (AttributeKind kind : kinds) {
            if (kind.takes(value)) {
                return tagged(kind.tag(), kind.write(name, value, this));
            }
        }
        return value instanceof Map<?, ?> map && isMixed(map)
                ? tagged(map.getClass() == HashMap.class ? MAP : LINKED_MAP, mixed(name, map))
                : rest.write(name, value);
    }

    private static ArrayNode tagged(String tag, JsonNode content) {
        return JsonNodeFactory.instance.arrayNode().add(tag).add(content);
    }

    /** Spring Security keeps a visitor's authorized clients in a map. */
    private boolean isMixed(Map<?, ?> map) {
        return (map.getClass() == HashMap.class || map.getClass() == LinkedHashMap.class)
                && map.keySet().stream().allMatch(String.class::isInstance)
                && map.values().stream()
                        .anyMatch(value -> value != null && kinds.stream().anyMatch(kind -> kind.takes(value)));
    }

    private ObjectNode mixed(String name, Map<?, ?> map) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        map.forEach((key, value) ->
                content.set((String) key, value == null ? JsonNodeFactory.instance.nullNode() : write(name, value)));
        return content;
    }

    @Override
    public Object read(JsonNode stored) {
        if (stored.isArray() && stored.size() == 2 && stored.get(0).isString()) {
            String tag = stored.get(0).stringValue();
            for (AttributeKind kind : kinds) {
                if (kind.tag().equals(tag)) {
                    return kind.read(stored.get(1), this);
                }
            }
            if (tag.equals(MAP)) {
                return mixed(stored.get(1), new HashMap<>());
            }
            if (tag.equals(LINKED_MAP)) {
                return mixed(stored.get(1), new LinkedHashMap<>());
            }
        }
        return rest.read(stored);
    }

    private Map<String, @Nullable Object> mixed(JsonNode content, Map<String, @Nullable Object> map) {
        content.properties()
                .forEach(each -> map.put(each.getKey(), each.getValue().isNull() ? null : read(each.getValue())));
        return map;
    }
}
