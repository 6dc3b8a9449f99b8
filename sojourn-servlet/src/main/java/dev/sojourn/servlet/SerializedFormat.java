package dev.sojourn.servlet;

import dev.sojourn.spi.LogText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A format that uses Java serialization with a filter. */
final class SerializedFormat implements AttributeFormat {
    static final String FIELD = "@java";
    private static final Set<String> EVERYTHING = Set.of("*", "**");

    /** The JDK classes that values consist of, with those that they use internally. */
    private static final String PLATFORM_CLASSES = String.join(
            ";",
            "java.io.Serializable",
            "java.lang.*",
            "java.lang.invoke.SerializedLambda",
            "java.math.*",
            "java.net.URI",
            "java.sql.Date",
            "java.sql.Time",
            "java.sql.Timestamp",
            "java.time.*",
            "java.time.chrono.*",
            "java.util.*",
            "java.util.concurrent.*",
            "java.util.concurrent.atomic.*",
            "java.util.concurrent.locks.*",
            "java.util.regex.Pattern",
            "sun.util.calendar.*");

    private static final AttributeFormat EARLIER = new JsonFormat();

    private final ObjectInputFilter patterns;

    SerializedFormat(String... allowed) {
        if (allowed.length == 0) {
            throw new IllegalArgumentException(
                    "name the classes that may be read: AttributeFormat.filteredJavaSerialization(\"com.acme.shop.*\"),"
                            + " with Spring sojourn.attributes.filtered-java-serialization=com.acme.shop.*");
        }
        for (String pattern : allowed) {
            if (EVERYTHING.contains(pattern.strip()) || pattern.contains(";") || pattern.isBlank()) {
                throw new IllegalArgumentException(
                        "'" + pattern + "' is not a pattern for an application's classes: pass"
                                + " one pattern per argument, such as com.acme.shop.*, and none that allows everything");
            }
        }
        patterns = ObjectInputFilter.Config.createFilter(String.join(";", allowed) + ";" + PLATFORM_CLASSES + ";!*");
    }

    @Override
    public String name() {
        return "java-serialization";
    }

    @Override
    public JsonNode write(String name, Object value) {
        byte[] bytes = serialize(name, value);
        SizeFilter bounds = new SizeFilter(patterns, bytes.length);
        Object again;
        try {
            again = read(bytes, bounds);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + LogText.text(value.getClass().getName()) + " could not be read back: "
                    + reason(bounds.rejectedClass(), e));
        }
        // A lambda gets a new class each time.
        if (again.getClass() != value.getClass() && !value.getClass().isHidden()) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + LogText.text(value.getClass().getName()) + " would be read as a "
                    + LogText.text(again.getClass().getName()) + ": its class replaces itself when it is serialized");
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put(FIELD, Base64.getEncoder().encodeToString(bytes));
    }

    private static byte[] serialize(String name, Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (NotSerializableException e) {
            // Its message is a class name and contains no values.
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + LogText.text(value.getClass().getName()) + " cannot be serialized: "
                    + LogText.text(String.valueOf(e.getMessage()))
                    + " is not Serializable. Make it Serializable, or the field that holds it transient");
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + LogText.text(value.getClass().getName()) + " cannot be serialized ("
                    + e.getClass().getSimpleName()
                    + "): it and everything in it must be Serializable, and not nested too deep");
        }
        return bytes.toByteArray();
    }

    private static String reason(@Nullable Class<?> refused, Throwable problem) {
        if (refused == null) {
            return "it cannot be deserialized (" + problem.getClass().getSimpleName() + ")";
        }
        return "it contains a " + LogText.text(refused.getName())
                + ", which no pattern of filteredJavaSerialization allows. If it is safe to read, add"
                + " its name: AttributeFormat.filteredJavaSerialization(\"" + LogText.text(refused.getName())
                + "\", …), with Spring sojourn.attributes.filtered-java-serialization";
    }

    @Override
    public Object read(JsonNode stored) {
        JsonNode serialized = stored.isObject() && stored.size() == 1 ? stored.get(FIELD) : null;
        if (serialized == null) {
            // Earlier versions wrote some values as JSON.
            return EARLIER.read(stored);
        }
        byte[] bytes = Base64.getDecoder().decode(serialized.asString());
        return read(bytes, new SizeFilter(patterns, bytes.length));
    }

    private static Object read(byte[] bytes, SizeFilter bounds) {
        try (ObjectInputStream in = new ApplicationObjectInputStream(bytes)) {
            SerializedGraph.check(bytes);
            in.setObjectInputFilter(bounds);
            return in.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a stored class does not exist any more", e);
        }
    }

    /**
     * Allows the classes that the patterns allow, and no array that is larger than its content justifies: a regular array has
     * at least a byte for each element, and a hash table has a few slots for each.
     */
    private static final class SizeFilter implements ObjectInputFilter {
        private static final int MAX_DEPTH = 200;
        private static final int ELEMENTS_PER_BYTE = 8;
        private static final int BASE_ELEMENTS = 4_096;

        private final ObjectInputFilter patterns;
        private final long maxElements;
        private long elements;
        private @Nullable Class<?> refused;

        SizeFilter(ObjectInputFilter patterns, int bytes) {
            this.patterns = patterns;
            this.maxElements = BASE_ELEMENTS + (long) bytes * ELEMENTS_PER_BYTE;
        }

        @Override
        public Status checkInput(FilterInfo info) {
            if (info.arrayLength() > 0) {
                elements += info.arrayLength();
            }
            if (info.depth() > MAX_DEPTH || elements > maxElements) {
                return Status.REJECTED;
            }
            Status status = patterns.checkInput(info);
            if (status == Status.REJECTED && refused == null) {
                refused = info.serialClass();
            }
            return status;
        }

        /** Returns the first class that no pattern allows; null if there was none. */
        @Nullable
        Class<?> rejectedClass() {
            return refused;
        }
    }

    /** Loads classes with the web application's class loader. */
    private static final class ApplicationObjectInputStream extends ObjectInputStream {
        ApplicationObjectInputStream(byte[] bytes) throws IOException {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass described) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(
                        described.getName(), false, Thread.currentThread().getContextClassLoader());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(described);
            }
        }
    }
}
