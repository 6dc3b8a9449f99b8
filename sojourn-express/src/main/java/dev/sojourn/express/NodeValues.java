package dev.sojourn.express;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Predicts a value after Node has read and written it, as an Express application does with every record that it saves:
 * {@code JSON.stringify(JSON.parse(value))}. Every number becomes a double: further digits, trailing zeros after the point and
 * the sign of zero are lost, and a number that is too large becomes null. Members whose names are array indexes come first, in
 * order.
 */
final class NodeValues {
    private static final JsonFactory JSON = new JsonFactory();

    /** The names that JavaScript orders as numbers; the largest is 2^32 - 2. */
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,9}");

    private static final long LARGEST_INDEX = 4_294_967_294L;

    /** JavaScript writes all digits of integers below this number. */
    private static final BigDecimal ALL_DIGITS = new BigDecimal("1E21");

    private NodeValues() {}

    /** Returns the value as Node writes it; the same array if nothing in it can change. */
    static byte[] roundTrip(byte[] json) {
        if (cannotChange(json)) {
            return json;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(json.length);
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json);
                JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            in.nextToken();
            write(value(in), generator);
        }
        return out.toByteArray();
    }

    /** Whether the value is a text, true, false or null: it has no number and no member name. */
    private static boolean cannotChange(byte[] json) {
        byte first = json[0];
        return first == '"' || first == 't' || first == 'f' || first == 'n';
    }

    private static @Nullable Object value(JsonParser in) {
        JsonToken token = in.currentToken();
        return switch (token) {
            case START_OBJECT -> members(in);
            case START_ARRAY -> elements(in);
            case VALUE_STRING -> in.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(in.getString());
            default -> null;
        };
    }

    private static Map<String, @Nullable Object> members(JsonParser in) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = in.currentName();
            in.nextToken();
            all.put(name, value(in));
        }
        List<String> indexes = all.keySet().stream().filter(NodeValues::isIndex).toList();
        if (indexes.isEmpty()) {
            return all;
        }
        Map<String, @Nullable Object> ordered = new LinkedHashMap<>();
        indexes.stream()
                .map(Long::valueOf)
                .sorted()
                .map(String::valueOf)
                .forEach(index -> ordered.put(index, all.get(index)));
        all.forEach(ordered::putIfAbsent);
        return ordered;
    }

    private static boolean isIndex(String name) {
        return INDEX.matcher(name).matches() && Long.parseLong(name) <= LARGEST_INDEX;
    }

    private static List<@Nullable Object> elements(JsonParser in) {
        List<@Nullable Object> all = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            all.add(value(in));
        }
        return all;
    }

    /** Returns a number as a double, in the shortest decimal digits for that double; null if it is too large. */
    private static @Nullable BigDecimal number(String text) {
        double number = Double.parseDouble(text);
        if (Double.isInfinite(number)) {
            return null;
        }
        BigDecimal shortest = new BigDecimal(Double.toString(number));
        return shortest.signum() == 0 ? BigDecimal.ZERO : shortest.stripTrailingZeros();
    }

    private static void write(@Nullable Object value, JsonGenerator out) {
        if (value instanceof Map<?, ?> members) {
            out.writeStartObject();
            members.forEach((name, member) -> {
                out.writeName((String) name);
                write(member, out);
            });
            out.writeEndObject();
        } else if (value instanceof List<?> elements) {
            out.writeStartArray();
            elements.forEach(element -> write(element, out));
            out.writeEndArray();
        } else if (value instanceof BigDecimal number) {
            boolean plain = number.scale() <= 0 && number.abs().compareTo(ALL_DIGITS) < 0;
            out.writeNumber(plain ? number.toPlainString() : number.toString());
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else {
            out.writeNull();
        }
    }
}
