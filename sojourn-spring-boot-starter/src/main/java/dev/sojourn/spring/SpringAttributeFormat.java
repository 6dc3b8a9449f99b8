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
 * An attribute format that chooses a format for each attribute: a Spring format for values that Spring stores in sessions, and
 * the application's format for all other values. A tag before the JSON marks Spring's values.
 */
final class SpringAttributeFormat implements AttributeFormat {
    private static final String MAP = "spring-map";
    private static final String LINKED_MAP = "spring-linked-map";

    private final List<ValueFormat> formats;
    private final AttributeFormat rest;

    SpringAttributeFormat(List<ValueFormat> formats, AttributeFormat rest) {
        this.formats = List.copyOf(formats);
        this.rest = rest;
    }

    /**
     * Returns a name that contains the application's format, because its values are unreadable in another one. Spring's stay
     * readable.
     */
    @Override
    public String name() {
        return "spring-" + rest.name();
    }

    @Override
    public JsonNode write(String name, Object value) {
        for (ValueFormat format : formats) {
            if (format.supports(value)) {
                return tag(format.tag(), format.write(name, value, this));
            }
        }
        return value instanceof Map<?, ?> map && isMixed(map)
                ? tag(map.getClass() == HashMap.class ? MAP : LINKED_MAP, convertMixed(name, map))
                : rest.write(name, value);
    }

    private static ArrayNode tag(String tag, JsonNode content) {
        return JsonNodeFactory.instance.arrayNode().add(tag).add(content);
    }

    /**
     * Returns whether a map contains values of Spring's. Spring Security keeps a client's authorized OAuth clients in a map.
     */
    private boolean isMixed(Map<?, ?> map) {
        return (map.getClass() == HashMap.class || map.getClass() == LinkedHashMap.class)
                && map.keySet().stream().allMatch(String.class::isInstance)
                && map.values().stream()
                        .anyMatch(
                                value -> value != null && formats.stream().anyMatch(format -> format.supports(value)));
    }

    private ObjectNode convertMixed(String name, Map<?, ?> map) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        map.forEach((key, value) ->
                content.set((String) key, value == null ? JsonNodeFactory.instance.nullNode() : write(name, value)));
        return content;
    }

    @Override
    public Object read(JsonNode stored) {
        if (stored.isArray() && stored.size() == 2 && stored.get(0).isString()) {
            String tag = stored.get(0).stringValue();
            for (ValueFormat format : formats) {
                if (format.tag().equals(tag)) {
                    return format.read(stored.get(1), this);
                }
            }
            if (tag.equals(MAP)) {
                return convertMixed(stored.get(1), new HashMap<>());
            }
            if (tag.equals(LINKED_MAP)) {
                return convertMixed(stored.get(1), new LinkedHashMap<>());
            }
        }
        return rest.read(stored);
    }

    private Map<String, @Nullable Object> convertMixed(JsonNode content, Map<String, @Nullable Object> map) {
        content.properties()
                .forEach(each -> map.put(each.getKey(), each.getValue().isNull() ? null : read(each.getValue())));
        return map;
    }
}
