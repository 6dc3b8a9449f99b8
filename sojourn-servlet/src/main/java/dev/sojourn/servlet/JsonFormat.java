package dev.sojourn.servlet;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.sojourn.servlet.Noted.Notes;
import dev.sojourn.spi.LogText;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.ConstructorDetector;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON in which every value whose type cannot be told by its look carries a name out of a closed set. */
final class JsonFormat implements AttributeFormat {
    private final JsonMapper mapper;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final ObjectReader strictReader;
    /** Classes of which a value was read back once, so that one that cannot be is refused when it is set and not when it is missed. */
    private final Set<Class<?>> proven = ConcurrentHashMap.newKeySet();

    JsonFormat(Class<?>... types) {
        TypeNames names = new TypeNames(types);
        mapper = JsonMapper.builder()
                .addModule(new JavasOwn(names, proven))
                .setDefaultTyping(new ClosedTyping(names))
                .changeDefaultVisibility(seen -> seen.withFieldVisibility(Visibility.ANY)
                        .withGetterVisibility(Visibility.NONE)
                        .withIsGetterVisibility(Visibility.NONE)
                        .withSetterVisibility(Visibility.NONE)
                        .withCreatorVisibility(Visibility.ANY))
                // Some versions would rather call one with arguments, whatever those are called, with nulls.
                .constructorDetector(ConstructorDetector.DEFAULT.withAllowImplicitWithDefaultConstructor(false))
                // A final list that its owner begins empty is what most carts are made of.
                .enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        writer = mapper.writerFor(Object.class);
        reader = mapper.readerFor(Object.class);
        strictReader = reader.with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    @Override
    public JsonNode write(String name, Object value) {
        try {
            Notes notes = new Notes();
            JsonNode stored = tree(value, notes);
            if (!notes.toProve().isEmpty()) {
                prove(stored);
                proven.addAll(notes.toProve());
            }
            return stored;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + LogText.text(value.getClass().getName()) + " cannot be kept in a session: " + reason(e));
        }
    }

    private JsonNode tree(Object value, Notes notes) {
        return mapper.readTree(writer.withAttribute(Notes.class, notes).writeValueAsBytes(value));
    }

    /** Reads it once as strictly as can be, and writes that: what could not be set again must not be lost in silence. */
    private void prove(JsonNode stored) {
        Object again = strictReader.readValue(stored);
        if (!Unordered.same(stored, tree(again, new Notes()))) {
            throw new UnregisteredTypeException(
                    "what was read back of it is written otherwise: a part of it cannot be set again,"
                            + " or its constructor makes something else of what it is given");
        }
    }

    /** Jackson's own messages quote what they met, which may be a secret: only kinds and our own sentences are told. */
    private static String reason(Throwable problem) {
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
                + " AttributeFormat.filteredJavaSerialization, with Spring"
                + " sojourn.attributes.filtered-java-serialization";
    }

    @Override
    public String name() {
        return "typed-json";
    }

    @Override
    public Object read(JsonNode stored) {
        return reader.readValue(stored);
    }
}
