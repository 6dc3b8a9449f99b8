package dev.sojourn.engine;

import dev.sojourn.engine.DeclaredTypes.DeclaredType;
import dev.sojourn.engine.StrictMapper.NamesClassesException;
import dev.sojourn.spi.JsonMembers.Slice;
import java.lang.reflect.Type;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts attributes to JSON and back: writes them so that they read back unchanged, reads strictly, compares.
 *
 * <p>A value reads back exactly as it was set, or it is rejected. If all parts of a type are known to survive, the
 * value is only inspected; any other value is read back and compared. See {@link Shape}.
 */
final class ValueCodec {
    private static final int SMALLEST_UNREADABLE = 1_000;

    private final JsonMapper mapper;
    private final ObjectReader exactTrees;
    private final DeclaredTypes declaredTypes;
    private final UnaryOperator<byte[]> foreignRoundTrip;

    ValueCodec(JsonMapper base) {
        this(base, UnaryOperator.identity());
    }

    /** @param foreignRoundTrip returns what another program that reads and writes the same records leaves of a value */
    ValueCodec(JsonMapper base, UnaryOperator<byte[]> foreignRoundTrip) {
        this.mapper = StrictMapper.of(base);
        this.exactTrees = mapper.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
        this.declaredTypes = new DeclaredTypes(mapper);
        this.foreignRoundTrip = foreignRoundTrip;
    }

    JavaType type(Type type) {
        return mapper.constructType(type);
    }

    /** Returns what is known of the class of a value that is set without a declared type. */
    DeclaredType declaredType(Object value) {
        return declaredTypes.of(value);
    }

    /** Returns what is known of values that are declared as a type. */
    DeclaredType declaredType(JavaType type) {
        return declaredTypes.of(type);
    }

    /**
     * Writes a value that reads back unchanged.
     *
     * @throws IllegalArgumentException if it would not; the message gives the reason, and what to do
     */
    byte[] write(String name, Object value, DeclaredType type) {
        try {
            if (type.shape() instanceof LeafShape.Exact leaf && leaf.holds(value)) {
                return writeLeaf(value, type);
            }
            ValueInspection inspection = new ValueInspection();
            boolean survives = type.shape().survives(value, inspection);
            byte[] json = toJson(value, type);
            if (value instanceof JsonNode) {
                checkReadable(json);
            }
            byte[] kept = foreignRoundTrip.apply(json);
            boolean passedOn = kept == json || Arrays.equals(json, kept);
            if (!survives) {
                requireRoundTrip(value, json, type);
                inspection.addProofs();
            }
            if (!passedOn && !(value instanceof JsonNode && same(json, new Slice(kept, 0, kept.length)))) {
                requireForeignRoundTrip(value, kept, type);
            }
            return json;
        } catch (ValueRefusal e) {
            throw e.of(name, type.type());
        } catch (StackOverflowError e) {
            throw new ValueRefusal("it is nested too deeply").of(name, type.type());
        } catch (OutOfMemoryError e) {
            throw new ValueRefusal("there is not enough memory to write it").of(name, type.type());
        }
    }

    /** Writes a text or a number, which needs no inspection. */
    private byte[] writeLeaf(Object value, DeclaredType type) {
        byte[] json = toJson(value, type);
        byte[] kept = foreignRoundTrip.apply(json);
        if (kept != json && !Arrays.equals(json, kept)) {
            requireForeignRoundTrip(value, kept, type);
        }
        return json;
    }

    /**
     * Checks that a tree can be read back: the mapper writes numbers, names and up to 500 levels that it refuses to
     * read.
     */
    private void checkReadable(byte[] json) {
        if (json.length < SMALLEST_UNREADABLE) {
            return;
        }
        try (JsonParser parser = mapper.createParser(json)) {
            while (parser.nextToken() != null) {
                parser.finishToken();
            }
        } catch (JacksonException e) {
            throw new ValueRefusal("its JSON cannot be read back: " + ReadProblem.of(e));
        }
    }

    /** Writes a value as it is at this moment, for a comparison with its earlier state. */
    byte[] writeForComparison(String name, Object value, DeclaredType type) {
        try {
            return toJson(value, type);
        } catch (ValueRefusal e) {
            throw e.of(name, type.type());
        }
    }

    private byte[] toJson(Object value, DeclaredType type) {
        try {
            BoundedBytes bytes = new BoundedBytes();
            type.writer().writeValue(bytes, value);
            return bytes.toByteArray();
        } catch (ValueRefusal e) {
            throw e;
        } catch (RuntimeException e) {
            throw unwritable(e);
        }
    }

    /** Creates a refusal that names the kind of failure only: the mapper's message may quote the value. */
    private static ValueRefusal unwritable(RuntimeException problem) {
        NamesClassesException names = StrictMapper.namesClasses(problem);
        if (names != null) {
            return new ValueRefusal(String.valueOf(names.getMessage()));
        }
        for (Throwable at = problem.getCause(); at != null; at = at.getCause()) {
            if (at instanceof ValueRefusal refusal) {
                return refusal;
            }
        }
        return new ValueRefusal("it cannot be written as JSON: " + WriteProblem.of(problem)
                + ". Use a type that the JSON mapper supports, or configure c.jsonMapper(...), with Spring"
                + " in a SessionsCustomizer bean");
    }

    private void requireRoundTrip(Object value, byte[] json, DeclaredType type) {
        Object back;
        try {
            back = mapper.readValue(json, type.type());
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            NamesClassesException names = StrictMapper.namesClasses(e);
            throw new ValueRefusal(
                    names != null
                            ? String.valueOf(names.getMessage())
                            : "its JSON cannot be read back: " + ReadProblem.of(e));
        }
        new ValueComparison(this::haveSameJson).require(value, back);
    }

    private void requireForeignRoundTrip(Object value, byte[] kept, DeclaredType type) {
        try {
            requireRoundTrip(value, kept, type);
        } catch (ValueRefusal e) {
            throw e.because(
                    "another program that shares these records changes it when it writes them: keep it as a text");
        }
    }

    private boolean haveSameJson(Object one, Object other) {
        byte[] json = mapper.writeValueAsBytes(other);
        return same(mapper.writeValueAsBytes(one), new Slice(json, 0, json.length));
    }

    /** Reads a value, or throws {@link UnreadableValueException}. A JSON null is null for every type. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // the caller created the JavaType and knows the type
    <T> @Nullable T read(Slice json, JavaType type) {
        try {
            return mapper.readValue(json.source(), json.from(), json.length(), type);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            // Not only the mapper's exceptions: a number too large for a BigDecimal causes a NumberFormatException
            // that quotes it.
            NamesClassesException names = StrictMapper.namesClasses(e);
            if (names != null) {
                throw new IllegalArgumentException(names.getMessage());
            }
            throw new UnreadableValueException(type.toCanonical(), ReadProblem.of(e));
        }
    }

    /**
     * Returns whether two values are the same JSON, regardless of the order of their members and the spelling of
     * numbers.
     */
    boolean same(byte[] written, Slice other) {
        Slice mine = new Slice(written, 0, written.length);
        if (mine.sameBytes(other)) {
            return true;
        }
        try {
            return tree(mine).equals(ValueCodec::compare, tree(other));
        } catch (RuntimeException e) {
            return false; // a number is too large to compare: the written value is kept
        }
    }

    private JsonNode tree(Slice json) {
        return exactTrees.readTree(json.source(), json.from(), json.length());
    }

    /**
     * Compares numbers by value: another program writes 1 instead of 1.0, and two long decimals may be the same double.
     */
    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    /** Returns whether a value cannot change, so that it needs no later comparison after it was returned. */
    static boolean isImmutable(Object value) {
        return value instanceof String
                || (value instanceof Number && value.getClass().getName().startsWith("java.lang."))
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Enum<?>
                || value instanceof UUID
                || (value.getClass().getName().startsWith("java.time.")
                        && (value instanceof TemporalAccessor || value instanceof TemporalAmount));
    }

    /** Thrown when a stored value cannot be read as the requested type. The configured policy decides what follows. */
    static final class UnreadableValueException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String expected;
        private final String problem;

        UnreadableValueException(String expected, ReadProblem problem) {
            super("a stored value cannot be read as " + expected + ": " + problem);
            this.expected = expected;
            this.problem = problem.toString();
        }

        /** Returns where inside the value reading failed, and why; without the value. */
        String problem() {
            return problem;
        }

        String expected() {
            return expected;
        }
    }
}
