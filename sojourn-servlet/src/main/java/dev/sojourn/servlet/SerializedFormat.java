package dev.sojourn.servlet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Plain JSON where that says it all, Java serialization under a filter for the rest. */
final class SerializedFormat implements AttributeFormat {
    static final String MEMBER = "@java";
    private static final Set<String> EVERYTHING = Set.of("*", "**");
    private static final String JAVAS_OWN = "java.lang.*;java.util.*;java.util.concurrent.*;java.time.*;java.math.*";
    private static final String BOUNDS = "maxdepth=64;maxarray=1000000;maxrefs=1000000;maxbytes=8388608";

    private static final AttributeFormat PLAIN = new JsonFormat();

    private final ObjectInputFilter filter;

    SerializedFormat(String... allowed) {
        if (allowed.length == 0) {
            throw new IllegalArgumentException(
                    "name the classes that may be read: AttributeFormat.filteredJavaSerialization(\"com.acme.shop.*\")");
        }
        for (String pattern : allowed) {
            if (EVERYTHING.contains(pattern.strip()) || pattern.contains(";") || pattern.isBlank()) {
                throw new IllegalArgumentException("'" + pattern + "' is no pattern for the classes of an application:"
                        + " one pattern each, such as com.acme.shop.*, and none that allows everything");
            }
        }
        filter = ObjectInputFilter.Config.createFilter(
                BOUNDS + ";" + String.join(";", allowed) + ";" + JAVAS_OWN + ";!*");
    }

    @Override
    public String name() {
        return "java-serialization";
    }

    @Override
    public JsonNode write(String name, Object value) {
        if (value instanceof String || value instanceof Boolean || value instanceof Integer || isPlain(value)) {
            return PLAIN.write(name, value);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new IllegalArgumentException("attribute '" + name + "' of type "
                    + value.getClass().getName() + " cannot be serialized ("
                    + e.getClass().getSimpleName()
                    + "): it and all that it holds must be Serializable");
        }
        ObjectNode stored = JsonNodeFactory.instance.objectNode();
        stored.put(MEMBER, Base64.getEncoder().encodeToString(bytes.toByteArray()));
        try {
            read(stored);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("attribute '" + name + "' of type "
                    + value.getClass().getName() + " could not be read back: it holds a class that no pattern of"
                    + " filteredJavaSerialization allows, or one that cannot be deserialized");
        }
        return stored;
    }

    private static boolean isPlain(Object value) {
        return value instanceof Double number && !number.isNaN() && !number.isInfinite();
    }

    @Override
    public Object read(JsonNode stored) {
        JsonNode serialized = stored.isObject() && stored.size() == 1 ? stored.get(MEMBER) : null;
        if (serialized == null) {
            return PLAIN.read(stored);
        }
        byte[] bytes = Base64.getDecoder().decode(serialized.asString());
        try (ObjectInputStream in = new ApplicationsInput(bytes)) {
            in.setObjectInputFilter(filter);
            return in.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a stored class is not here any more", e);
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
