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
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values whose type is evident from their JSON: strings, booleans, integers and decimal numbers, and {@code ArrayList} and
 * {@code LinkedHashMap} of these. They are read as the same classes by every reader, and every program may write them.
 */
final class PlainData {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);
    /** The nesting depth that the mapper reads and writes. */
    private static final int MAX_DEPTH = 500;

    private static final int MAX_NUMBER_BITS = 3_318;

    private PlainData() {}

    /** Returns whether reading the value's JSON returns an equal value of the same class. */
    static boolean isPlain(Object value) {
        return isPlain(value, 0);
    }

    private static boolean isPlain(@Nullable Object value, int depth) {
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
            boolean isLong = number.compareTo(MIN_LONG) >= 0 && number.compareTo(MAX_LONG) <= 0;
            return !isLong && number.bitLength() < MAX_NUMBER_BITS;
        }
        if (depth == MAX_DEPTH) {
            return false;
        }
        if (value.getClass() == ArrayList.class) {
            return arePlain((ArrayList<?>) value, depth);
        }
        return value.getClass() == LinkedHashMap.class
                && areStrings(((LinkedHashMap<?, ?>) value).keySet())
                && arePlain(((LinkedHashMap<?, ?>) value).values(), depth);
    }

    private static boolean arePlain(Collection<?> all, int depth) {
        for (Object each : all) {
            if (!isPlain(each, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean areStrings(Collection<?> keys) {
        for (Object each : keys) {
            if (!(each instanceof String)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether a filter that trusts types in data would read this as a typed value. */
    static boolean looksTyped(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.size() == 2 && list.get(0) instanceof String;
        }
        return value instanceof Map<?, ?> map && map.size() == 1 && map.containsKey(SerializedFormat.FIELD);
    }

    static byte[] encode(String name, Object value) {
        try {
            byte[] json = MAPPER.writeValueAsBytes(value);
            requireReadable(json);
            return json;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + LogText.text(value.getClass().getName()) + " cannot be written as JSON and read back ("
                    + e.getClass().getSimpleName() + "): a string or a key in it is too long or malformed");
        }
    }

    /**
     * Checks that JSON can be parsed: Jackson writes depths, lengths and names that it rejects when it reads them.
     *
     * @throws JacksonException if it cannot
     */
    static void requireReadable(byte[] json) {
        try (JsonParser parser = MAPPER.createParser(json)) {
            while (parser.nextToken() != null) {
                parser.finishToken();
            }
        }
    }

    static JsonNode parse(byte[] json) {
        return MAPPER.readTree(json);
    }

    static byte[] bytes(JsonNode json) {
        return MAPPER.writeValueAsBytes(json);
    }

    /** Returns the value of JSON; null for JSON's null. */
    static @Nullable Object read(byte[] json) {
        return MAPPER.readValue(json, Object.class);
    }
}
