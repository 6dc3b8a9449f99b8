package dev.sojourn.spring;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Compares stored values of Spring Security. The elements of a set have no order: a hash set that is made again has another. */
final class SameJson {
    private SameJson() {}

    static boolean same(JsonNode one, JsonNode other) {
        return comparable(one).equals(comparable(other));
    }

    /** A value that equals that of another node if the nodes say the same. */
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
                .map(SameJson::comparable)
                .toList();
    }
}
