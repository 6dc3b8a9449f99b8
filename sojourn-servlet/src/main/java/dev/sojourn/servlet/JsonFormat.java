package dev.sojourn.servlet;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.sojourn.servlet.JsonRoundTripTracker.UnverifiedTypes;
import dev.sojourn.spi.LogText;
import java.util.Arrays;
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

/** A JSON format in which every value whose type is not evident has a type name from a closed set. */
final class JsonFormat implements AttributeFormat {
    private final JsonMapper mapper;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final ObjectReader strictReader;
    /** The classes of which a value has been read back, so that one that cannot be read is rejected when it is set. */
    private final Set<Class<?>> verified = ConcurrentHashMap.newKeySet();

    JsonFormat(Class<?>... types) {
        JsonTypeNames names = new JsonTypeNames(types);
        mapper = JsonMapper.builder()
                .addModule(new JsonPlatformModule(names, verified))
                .setDefaultTyping(new JsonTypeResolver(names))
                .changeDefaultVisibility(seen -> seen.withFieldVisibility(Visibility.ANY)
                        .withGetterVisibility(Visibility.NONE)
                        .withIsGetterVisibility(Visibility.NONE)
                        .withSetterVisibility(Visibility.NONE)
                        .withCreatorVisibility(Visibility.ANY))
                // Some versions of Jackson prefer a constructor with arguments, and pass nulls.
                .constructorDetector(ConstructorDetector.DEFAULT.withAllowImplicitWithDefaultConstructor(false))
                // Many classes have a final collection that starts empty.
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
        return mapper.readTree(encode(name, value));
    }

    /** Does the same as {@link #write}, but returns the bytes that the record stores. */
    byte[] encode(String name, Object value) {
        try {
            UnverifiedTypes notes = new UnverifiedTypes();
            byte[] stored = json(value, notes);
            PlainData.requireReadable(stored);
            if (!notes.types().isEmpty()) {
                verifyRoundTrip(stored);
                verified.addAll(notes.types());
            }
            return stored;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + LogText.text(value.getClass().getName()) + " cannot be kept in a session: " + reason(e));
        }
    }

    private byte[] json(Object value, UnverifiedTypes notes) {
        return writer.withAttribute(UnverifiedTypes.class, notes).writeValueAsBytes(value);
    }

    /** Reads the JSON strictly and writes it again, so that a part that cannot be read is not lost silently. */
    private void verifyRoundTrip(byte[] stored) {
        byte[] again = json(strictReader.readValue(stored), new UnverifiedTypes());
        if (!Arrays.equals(stored, again) && !JsonComparison.isSame(mapper.readTree(stored), mapper.readTree(again))) {
            throw new UnregisteredTypeException(
                    "it changes when it is read back: a part of it cannot be set, or its constructor changes its"
                            + " arguments");
        }
    }

    /** Returns a message of Sojourn, or the exception's class: Jackson's messages quote values, which may be secret. */
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

    /** Does the same as {@link #read}, but takes the stored bytes. */
    Object decode(byte[] stored) {
        return reader.readValue(stored);
    }
}
