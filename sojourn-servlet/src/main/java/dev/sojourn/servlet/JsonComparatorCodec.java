package dev.sojourn.servlet;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;

/**
 * Writes and reads comparators of sorted collections: those of the JDK by name, those of the application as values of
 * registered types.
 */
final class JsonComparatorCodec {
    private static final Map<String, Comparator<?>> NAMED = new LinkedHashMap<>();

    static {
        NAMED.put("natural", Comparator.naturalOrder());
        NAMED.put("reverse", Collections.reverseOrder());
        NAMED.put("ignore-case", String.CASE_INSENSITIVE_ORDER);
        NAMED.put("reverse-ignore-case", Collections.reverseOrder(String.CASE_INSENSITIVE_ORDER));
    }

    private JsonComparatorCodec() {}

    static void write(Comparator<?> order, JsonGenerator out, SerializationContext context) {
        for (Map.Entry<String, Comparator<?>> each : NAMED.entrySet()) {
            if (each.getValue().equals(order)) {
                out.writeString(each.getKey());
                return;
            }
        }
        if (JsonTypeNames.isPlatform(order.getClass())
                || order.getClass().isSynthetic()
                || order.getClass().isHidden()) {
            throw new UnregisteredTypeException(
                    "a comparator that is a lambda or a JDK class cannot be read back; make it a class or an"
                            + " enum of the application, and register it");
        }
        JsonTypedValue.write(order, out, context);
    }

    static Comparator<Object> read(JsonParser parser, DeserializationContext context) {
        Object found = parser.currentToken() == JsonToken.VALUE_STRING
                ? named(parser.getString())
                : JsonTypedValue.read(parser, context);
        if (!(found instanceof Comparator<?> order)) {
            throw new UnregisteredTypeException("the stored comparator is malformed");
        }
        @SuppressWarnings("unchecked") // it compared this collection's elements
        Comparator<Object> any = (Comparator<Object>) order;
        return any;
    }

    private static @Nullable Comparator<?> named(String name) {
        return NAMED.get(name);
    }
}
