package dev.sojourn;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * An attribute's name together with its type. Declare it as a constant, so that the compiler checks the types.
 * Immutable and thread-safe.
 *
 * @param <T> the attribute's type
 */
@SuppressWarnings("UnusedTypeParameter") // the type of the values in Session.get, set and update
public final class Key<T> {
    private final String name;
    private final Type type;

    private Key(String name, Type type) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = Objects.requireNonNull(type, "type");
    }

    /**
     * Returns a key of a plain type.
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
     * Returns a key of a list.
     *
     * @param name the attribute's name
     * @param element the type of its elements
     * @param <T> the type of its elements
     * @return the key
     */
    public static <T> Key<List<T>> listOf(String name, Class<T> element) {
        return new Key<>(name, new Parameterized(List.class, element));
    }

    /**
     * Returns a key of a set. The set keeps its order.
     *
     * @param name the attribute's name
     * @param element the type of its elements
     * @param <T> the type of its elements
     * @return the key
     */
    public static <T> Key<Set<T>> setOf(String name, Class<T> element) {
        return new Key<>(name, new Parameterized(Set.class, element));
    }

    /**
     * Returns a key of a map. The map keeps its order.
     *
     * @param name the attribute's name
     * @param key the type of its keys: a text, a number, a {@code UUID}, a date, or an enum
     * @param value the type of its values
     * @param <K> the type of its keys
     * @param <V> the type of its values
     * @return the key
     */
    public static <K, V> Key<Map<K, V>> mapOf(String name, Class<K> key, Class<V> value) {
        return new Key<>(name, new Parameterized(Map.class, key, value));
    }

    /**
     * Returns a key of any other generic type, for example {@code Key.of("carts", new TypeReference<Map<UUID,
     * List<Item>>>() {})}.
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
     * Returns the attribute's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns the attribute's type.
     *
     * @return the type, including its type arguments
     */
    public Type type() {
        return type;
    }

    @Override
    public String toString() {
        return "Key[" + name + ", " + type.getTypeName() + "]";
    }

    /** A generic type and its arguments. */
    @SuppressWarnings("ArrayRecordComponent") // made here and never changed
    private record Parameterized(Class<?> raw, Class<?>... arguments) implements ParameterizedType {
        Parameterized {
            for (Class<?> argument : arguments) {
                Objects.requireNonNull(argument, "type");
            }
        }

        @Override
        public Type[] getActualTypeArguments() {
            return arguments.clone();
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return null;
        }

        @Override
        public String getTypeName() {
            return Stream.of(arguments)
                    .map(Class::getTypeName)
                    .collect(Collectors.joining(", ", raw.getTypeName() + "<", ">"));
        }
    }
}
