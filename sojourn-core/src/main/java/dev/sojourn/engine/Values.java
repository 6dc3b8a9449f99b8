package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers.Slice;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Attributes as JSON: written, read strictly, compared. */
final class Values {
    private static final int SMALLEST_UNREADABLE = 1_000;

    private final JsonMapper mapper;
    private final ObjectReader exactTrees;

    Values(JsonMapper base) {
        this.mapper = strict(base);
        this.exactTrees = mapper.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    /** Nothing is bent: 1.9 is no integer, an empty text is no null, a number is no text. */
    private static JsonMapper strict(JsonMapper base) {
        return base.rebuild()
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .withCoercionConfigDefaults(all -> all.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert))
                .withCoercionConfig(
                        LogicalType.Enum, any -> any.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
                // Locale.ROOT and the empty reference are written as an empty text: it is theirs, not a null.
                .withCoercionConfig(
                        Locale.class, any -> any.setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert))
                .withCoercionConfig(
                        URI.class, any -> any.setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert))
                .build();
    }

    JavaType type(Type type) {
        return mapper.constructType(type);
    }

    byte[] write(String name, Object value) {
        try {
            byte[] json = mapper.writeValueAsBytes(value);
            checkReadable(json);
            return json;
        } catch (JacksonException e) {
            // The mapper's message may quote the value, so only its kind is passed on.
            throw new IllegalArgumentException("attribute '" + name + "' cannot be written as JSON: "
                    + e.getClass().getSimpleName() + " for " + value.getClass().getName()
                    + "; give it a shape that the JSON mapper knows, or configure c.jsonMapper(...)");
        }
    }

    /** The mapper writes numbers and names that it refuses to read. Its limits begin at 500 levels, 2 bytes each. */
    private void checkReadable(byte[] json) {
        if (json.length < SMALLEST_UNREADABLE) {
            return;
        }
        try (JsonParser parser = mapper.createParser(json)) {
            while (parser.nextToken() != null) {
                parser.finishToken();
            }
        }
    }

    /** Reads a value, or throws {@link UnreadableValueException}. A JSON null is null whatever the type. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // the type is the caller's to know: it made the JavaType
    <T> @Nullable T read(Slice json, JavaType type) {
        try {
            return mapper.readValue(json.source(), json.from(), json.length(), type);
        } catch (RuntimeException e) {
            // Not only the mapper's own: a number too large for a BigDecimal is a NumberFormatException that quotes it.
            throw new UnreadableValueException(type.toCanonical());
        }
    }

    /** Whether two values are the same JSON, whatever the order of their members and the spelling of their numbers. */
    boolean same(byte[] written, Slice other) {
        Slice mine = new Slice(written, 0, written.length);
        if (mine.sameBytes(other)) {
            return true;
        }
        try {
            return tree(mine).equals(Values::compare, tree(other));
        } catch (RuntimeException e) {
            return false; // a number that is too large to compare: what was written stands
        }
    }

    private JsonNode tree(Slice json) {
        return exactTrees.readTree(json.source(), json.from(), json.length());
    }

    /** Another program writes 1 where this one writes 1.0; two long decimals may be the same double. */
    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    /** Whether a value cannot change, so that handing it out needs no comparison later. */
    static boolean immutable(Object value) {
        return value instanceof String
                || (value instanceof Number && value.getClass().getName().startsWith("java.lang."))
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Enum<?>
                || value instanceof UUID
                || (value.getClass().getName().startsWith("java.time.")
                        && (value instanceof TemporalAccessor || value instanceof TemporalAmount));
    }

    /** A stored value is not what it was asked for. Becomes what the configured policy says. */
    static final class UnreadableValueException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String expected;

        UnreadableValueException(String expected) {
            super("a stored value cannot be read as " + expected);
            this.expected = expected;
        }

        String expected() {
            return expected;
        }
    }
}
