package dev.sojourn.servlet;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonFormat.Shape;
import com.fasterxml.jackson.annotation.JsonFormat.Value;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.ConstructorDetector;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON in which every value whose type cannot be told by its look carries a name out of a closed set. */
final class JsonFormat implements AttributeFormat {
    private final JsonMapper mapper;
    /** Types that were read back once, so that a type that cannot be is refused when it is set and not when it is missed. */
    private final Set<Class<?>> proven = ConcurrentHashMap.newKeySet();

    JsonFormat(Class<?>... types) {
        mapper = JsonMapper.builder()
                .setDefaultTyping(new ClosedTyping(new TypeNames(types)))
                .changeDefaultVisibility(seen -> seen.withFieldVisibility(Visibility.ANY)
                        .withGetterVisibility(Visibility.NONE)
                        .withIsGetterVisibility(Visibility.NONE)
                        .withSetterVisibility(Visibility.NONE)
                        .withCreatorVisibility(Visibility.ANY))
                // As a number it would lose digits where a tree of JSON holds it as a double.
                .withConfigOverride(BigDecimal.class, exact -> exact.setFormat(Value.forShape(Shape.STRING)))
                // Some versions would rather call one with arguments, whatever those are called, with nulls.
                .constructorDetector(ConstructorDetector.DEFAULT.withAllowImplicitWithDefaultConstructor(false))
                // A final list that its owner begins empty is what most carts are made of.
                .enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    @Override
    public JsonNode write(String name, Object value) {
        try {
            JsonNode stored = mapper.readTree(mapper.writerFor(Object.class).writeValueAsBytes(value));
            if (!proven.contains(value.getClass())) {
                prove(stored, value.getClass());
            }
            return stored;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("attribute '" + name + "' of type "
                    + value.getClass().getName() + " cannot be kept in a session: " + reason(e));
        }
    }

    /** Reads it once as strictly as can be: a field that could not be set again must not be lost in silence. */
    private void prove(JsonNode stored, Class<?> type) {
        Object unused = mapper.readerFor(Object.class)
                .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .readValue(stored);
        Objects.requireNonNull(unused, "a value that was read back");
        // One list proves nothing of the next.
        if (!type.getPackageName().startsWith("java.util")) {
            proven.add(type);
        }
    }

    /** Jackson's own messages quote what they met, which may be a secret: only kinds and our own sentences are told. */
    private static String reason(RuntimeException problem) {
        @Nullable Throwable at = problem;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (at instanceof UnregisteredTypeException unknown) {
                return String.valueOf(unknown.getMessage());
            }
            at = at.getCause();
        }
        return "it cannot be written as JSON and read back ("
                + problem.getClass().getSimpleName()
                + "); give its type a constructor without arguments, make it a record, or use"
                + " AttributeFormat.filteredJavaSerialization";
    }

    @Override
    public String name() {
        return "typed-json";
    }

    @Override
    public Object read(JsonNode stored) {
        return mapper.readerFor(Object.class).readValue(stored);
    }
}
