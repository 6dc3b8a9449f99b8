package dev.sojourn.servlet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Compares typed JSON and ignores the order of hashed collections. */
final class JsonComparison {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<String> HASHED =
            Set.of("HashSet", "HashMap", "ConcurrentHashMap", "Hashtable", "Properties", "Set.of", "Map.of");

    private JsonComparison() {}

    static boolean isSame(JsonNode one, JsonNode other) {
        return one.equals(other) || sort(one).equals(sort(other));
    }

    private static JsonNode sort(JsonNode node) {
        if (node.isObject()) {
            ObjectNode ordered = JSON.objectNode();
            node.properties().forEach(each -> ordered.set(each.getKey(), sort(each.getValue())));
            return ordered;
        }
        if (!node.isArray()) {
            return node;
        }
        ArrayNode all = JSON.arrayNode();
        node.forEach(each -> all.add(sort(each)));
        if (all.size() == 2
                && all.get(0).isString()
                && HASHED.contains(all.get(0).stringValue())
                && all.get(1).isArray()) {
            List<JsonNode> elements = new ArrayList<>();
            all.get(1).forEach(elements::add);
            elements.sort(Comparator.comparing(JsonNode::toString));
            all.set(1, JSON.arrayNode().addAll(elements));
        }
        return all;
    }
}
