package dev.sojourn.servlet;

import dev.sojourn.spi.LogText;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values that JSON tells by its look: texts, booleans, whole and fractional numbers, and {@code ArrayList} and {@code
 * LinkedHashMap} of these. They come back as the same classes, whoever reads them, and anybody may write them.
 */
final class PlainData {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final BigInteger LEAST_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger GREATEST_LONG = BigInteger.valueOf(Long.MAX_VALUE);
    /** As deep as the mapper reads and writes. */
    private static final int DEEPEST = 500;

    private static final int LONGEST_NUMBER = 3_318;

    private PlainData() {}

    /** Whether reading its JSON gives an equal value of the same class. */
    static boolean holds(Object value) {
        return holds(value, 0);
    }

    private static boolean holds(@Nullable Object value, int depth) {
        if (value == null || value instanceof String || value instanceof Boolean || value instanceof Integer) {
            return true;
        }
        if (value instanceof Double number) {
            return Double.isFinite(number);
        }
        if (value instanceof Long number) {
            return number.intValue() != number;
        }
        if (value.getClass() == BigInteger.class) {
            BigInteger number = (BigInteger) value;
            boolean isLong = number.compareTo(LEAST_LONG) >= 0 && number.compareTo(GREATEST_LONG) <= 0;
            return !isLong && number.bitLength() < LONGEST_NUMBER;
        }
        if (depth == DEEPEST) {
            return false;
        }
        if (value.getClass() == ArrayList.class) {
            return areHeld((ArrayList<?>) value, depth);
        }
        return value.getClass() == LinkedHashMap.class
                && areTexts(((LinkedHashMap<?, ?>) value).keySet())
                && areHeld(((LinkedHashMap<?, ?>) value).values(), depth);
    }

    private static boolean areHeld(Collection<?> all, int depth) {
        for (Object each : all) {
            if (!holds(each, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean areTexts(Collection<?> keys) {
        for (Object each : keys) {
            if (!(each instanceof String)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a filter that trusts types in data would take this for a typed value. */
    static boolean looksTyped(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.size() == 2 && list.get(0) instanceof String;
        }
        return value instanceof Map<?, ?> map && map.size() == 1 && map.containsKey(SerializedFormat.MEMBER);
    }

    static JsonNode tree(String name, Object value) {
        try {
            return tree(MAPPER.writeValueAsBytes(value));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + LogText.text(value.getClass().getName()) + " cannot be written as JSON and read back ("
                    + e.getClass().getSimpleName() + "): a text or a key in it is too long or not well-formed");
        }
    }

    static JsonNode tree(byte[] json) {
        return MAPPER.readTree(json);
    }

    static byte[] bytes(JsonNode json) {
        return MAPPER.writeValueAsBytes(json);
    }

    /** Null for JSON's null. */
    static @Nullable Object read(byte[] json) {
        return MAPPER.readValue(json, Object.class);
    }
}
