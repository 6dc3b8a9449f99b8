package dev.sojourn;

import java.lang.reflect.Type;
import java.util.Objects;
import tools.jackson.core.type.TypeReference;

/**
 * The name of an attribute together with its type: a constant, so that a typing error is the compiler's to find.
 * Immutable and thread-safe.
 *
 * @param <T> the attribute's type
 */
@SuppressWarnings("UnusedTypeParameter") // it types what Session.get, set and update take and give
public final class Key<T> {
    private final String name;
    private final Type type;

    private Key(String name, Type type) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = Objects.requireNonNull(type, "type");
    }

    /**
     * A key of a plain type.
     *
     * @param name the attribute's name
     * @param type its type
     * @param <T> the attribute's type
     * @return the key
     */
    public static <T> Key<T> of(String name, Class<T> type) {
        return new Key<>(name, type);
    }

    /**
     * A key of a generic type, for example {@code Key.of("tags", new TypeReference<List<String>>() {})}.
     *
     * @param name the attribute's name
     * @param type its type
     * @param <T> the attribute's type
     * @return the key
     */
    public static <T> Key<T> of(String name, TypeReference<T> type) {
        return new Key<>(name, type.getType());
    }

    /**
     * The attribute's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The attribute's type.
     *
     * @return the type, with its arguments
     */
    public Type type() {
        return type;
    }

    @Override
    public String toString() {
        return "Key[" + name + ", " + type.getTypeName() + "]";
    }
}
