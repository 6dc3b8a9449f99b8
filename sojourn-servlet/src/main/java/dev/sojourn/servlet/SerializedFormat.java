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

/** Java serialization under a filter. */
final class SerializedFormat implements AttributeFormat {
    static final String MEMBER = "@java";
    private static final Set<String> EVERYTHING = Set.of("*", "**");

    /** Those of Java's own that values are made of, with what the JDK's own classes are made of behind the scenes. */
    private static final String JAVAS_OWN = String.join(
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
                throw new IllegalArgumentException("'" + pattern + "' is no pattern for the classes of an application:"
                        + " one pattern each, such as com.acme.shop.*, and none that allows everything");
            }
        }
        patterns = ObjectInputFilter.Config.createFilter(String.join(";", allowed) + ";" + JAVAS_OWN + ";!*");
    }

    @Override
    public String name() {
        return "java-serialization";
    }

    @Override
    public JsonNode write(String name, Object value) {
        byte[] bytes = serialized(name, value);
        Bounds bounds = new Bounds(patterns, bytes.length);
        Object again;
        try {
            again = read(bytes, bounds);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + LogText.text(value.getClass().getName()) + " could not be read back: "
                    + reason(bounds.refused(), e));
        }
        // The class of a lambda is made anew each time.
        if (again.getClass() != value.getClass() && !value.getClass().isHidden()) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + LogText.text(value.getClass().getName()) + " would come back as a "
                    + LogText.text(again.getClass().getName()) + ": its class replaces itself when it is serialized");
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put(MEMBER, Base64.getEncoder().encodeToString(bytes));
    }

    private static byte[] serialized(String name, Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (NotSerializableException e) {
            // Its message is the name of a class, and nothing else.
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + LogText.text(value.getClass().getName()) + " cannot be serialized: "
                    + LogText.text(String.valueOf(e.getMessage()))
                    + " is not Serializable. Make it so, or the field that holds it transient");
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + LogText.text(value.getClass().getName()) + " cannot be serialized ("
                    + e.getClass().getSimpleName()
                    + "): it and all that it holds must be Serializable, and not nested too deep");
        }
        return bytes.toByteArray();
    }

    private static String reason(@Nullable Class<?> refused, Throwable problem) {
        if (refused == null) {
            return "it cannot be deserialized (" + problem.getClass().getSimpleName() + ")";
        }
        return "it holds a " + LogText.text(refused.getName())
                + ", which no pattern of filteredJavaSerialization allows. If it is safe to read, add"
                + " its name: AttributeFormat.filteredJavaSerialization(\"" + LogText.text(refused.getName())
                + "\", …), with Spring sojourn.attributes.filtered-java-serialization";
    }

    @Override
    public Object read(JsonNode stored) {
        JsonNode serialized = stored.isObject() && stored.size() == 1 ? stored.get(MEMBER) : null;
        if (serialized == null) {
            // Earlier versions wrote some values as JSON.
            return EARLIER.read(stored);
        }
        byte[] bytes = Base64.getDecoder().decode(serialized.asString());
        return read(bytes, new Bounds(patterns, bytes.length));
    }

    private static Object read(byte[] bytes, Bounds bounds) {
        try (ObjectInputStream in = new ApplicationsInput(bytes)) {
            SerializedGraph.check(bytes);
            in.setObjectInputFilter(bounds);
            return in.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a stored class is not here any more", e);
        }
    }

    /**
     * Lets those classes through that the patterns allow, and no array that is larger than what stands behind it: an honest one has a
     * byte for each element, and a hash table a few places for each.
     */
    private static final class Bounds implements ObjectInputFilter {
        private static final int DEEPEST = 200;
        private static final int PLACES_FOR_A_BYTE = 8;
        private static final int SMALL = 4_096;

        private final ObjectInputFilter patterns;
        private final long most;
        private long places;
        private @Nullable Class<?> refused;

        Bounds(ObjectInputFilter patterns, int bytes) {
            this.patterns = patterns;
            this.most = SMALL + (long) bytes * PLACES_FOR_A_BYTE;
        }

        @Override
        public Status checkInput(FilterInfo info) {
            if (info.arrayLength() > 0) {
                places += info.arrayLength();
            }
            if (info.depth() > DEEPEST || places > most) {
                return Status.REJECTED;
            }
            Status status = patterns.checkInput(info);
            if (status == Status.REJECTED && refused == null) {
                refused = info.serialClass();
            }
            return status;
        }

        /** The first class that no pattern allows. */
        @Nullable
        Class<?> refused() {
            return refused;
        }
    }

    /** Finds classes where the web application has them. */
    private static final class ApplicationsInput extends ObjectInputStream {
        ApplicationsInput(byte[] bytes) throws IOException {
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
