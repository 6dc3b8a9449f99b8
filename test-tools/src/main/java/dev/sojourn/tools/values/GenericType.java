package dev.sojourn.tools.values;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A generic class with its type arguments.
 *
 * @param raw the class
 * @param arguments one for each of its parameters
 */
public record GenericType(Class<?> raw, List<Type> arguments) implements ParameterizedType {
    /**
     * Returns a generic class with its type arguments.
     *
     * @param raw the class
     * @param arguments one for each of its parameters
     * @return the type
     */
    public static GenericType of(Class<?> raw, Type... arguments) {
        return new GenericType(raw, List.of(arguments));
    }

    @Override
    public Type[] getActualTypeArguments() {
        return arguments.toArray(Type[]::new);
    }

    @Override
    public Type getRawType() {
        return raw;
    }

    @Override
    public @Nullable Type getOwnerType() {
        return raw.getDeclaringClass();
    }

    @Override
    public String getTypeName() {
        return raw.getName() + arguments.stream().map(Type::getTypeName).collect(Collectors.joining(", ", "<", ">"));
    }

    @Override
    public String toString() {
        return getTypeName();
    }
}
