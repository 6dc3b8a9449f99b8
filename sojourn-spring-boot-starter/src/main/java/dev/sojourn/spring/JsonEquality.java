package dev.sojourn.spring;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * Compares stored values of Spring Security. The order of a set's elements does not count, because a new hash set may have
 * another.
 */
final class JsonEquality {
    private JsonEquality() {}

    static boolean isEqual(JsonNode one, JsonNode other) {
        return comparable(one).equals(comparable(other));
    }

    /** Returns a value that equals the value of another node if both nodes have the same content. */
    private static Object comparable(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .collect(Collectors.toMap(each -> each.getKey(), each -> comparable(each.getValue())));
        }
        if (node.isArray()) {
            return isSet(node) ? Set.copyOf(elements(node.get(1))) : elements(node);
        }
        return node;
    }

    private static boolean isSet(JsonNode node) {
        return node.size() == 2
                && node.get(0).isString()
                && node.get(0).stringValue().endsWith("Set")
                && node.get(1).isArray();
    }

    private static List<Object> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonEquality::comparable)
                .toList();
    }
}
