package dev.sojourn.tools.values;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

/** Values that an attacker may write: JSON that looks like a typed value, and values that take forever to read. */
public final class HostileValues {
    private HostileValues() {}

    /**
     * Returns the JSON as which Java serialization would store a value.
     *
     * @param value the value
     * @return an object with the value's bytes in base64
     */
    public static String serialized(Object value) {
        return "{\"@java\":\"" + Base64.getEncoder().encodeToString(bytes(value)) + "\"}";
    }

    /**
     * Serializes a value with Java serialization.
     *
     * @param value the value
     * @return its bytes
     */
    public static byte[] bytes(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Returns nested sets. Computing their hash takes 2 to the power of the depth steps.
     *
     * @param depth the number of levels
     * @return the outermost set
     */
    public static Set<Object> nestedSets(int depth) {
        Set<Object> root = new HashSet<>();
        Set<Object> one = root;
        Set<Object> other = new HashSet<>();
        for (int i = 0; i < depth; i++) {
            Set<Object> nextOne = new HashSet<>();
            Set<Object> nextOther = new HashSet<>();
            nextOne.add("x");
            one.add(nextOne);
            one.add(nextOther);
            other.add(nextOne);
            other.add(nextOther);
            one = nextOne;
            other = nextOther;
        }
        return root;
    }
}
