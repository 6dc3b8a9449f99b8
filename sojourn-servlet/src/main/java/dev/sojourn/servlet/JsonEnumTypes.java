package dev.sojourn.servlet;

import dev.sojourn.spi.LogText;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds enum types: by name, and of the keys of a map or the elements of a set. */
final class JsonEnumTypes {
    private final JsonTypeNames names;

    JsonEnumTypes(JsonTypeNames names) {
        this.names = names;
    }

    String keyTypeName(EnumMap<?, ?> map) {
        Class<?> known = map.isEmpty() ? null : map.keySet().iterator().next().getDeclaringClass();
        return names.nameOf(known == null ? probe(each -> put(map.clone(), each)) : known);
    }

    String elementTypeName(EnumSet<?> set) {
        Class<?> known = set.isEmpty() ? null : set.iterator().next().getDeclaringClass();
        return names.nameOf(known == null ? probe(each -> add(set.clone(), each)) : known);
    }

    /** Finds the enum of an empty collection, which does not reveal it but rejects the constants of any other enum. */
    private Class<?> probe(Consumer<Enum<?>> into) {
        for (Class<?> each : names.enums()) {
            Object[] constants = each.getEnumConstants();
            try {
                if (constants.length > 0) {
                    into.accept((Enum<?>) constants[0]);
                    return each;
                }
            } catch (ClassCastException e) {
                // It has another enum.
            }
        }
        throw new UnregisteredTypeException("the enum of an empty EnumMap or EnumSet is not registered");
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a class cast exception is the answer "no"
    private static void put(EnumMap map, Enum<?> key) {
        map.put(key, "");
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a class cast exception is the answer "no"
    private static void add(EnumSet set, Enum<?> element) {
        set.add(element);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // checked to be an enum
    EnumMap<?, Object> newMap(@Nullable String name) {
        return new EnumMap(enumNamed(name));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // checked to be an enum
    EnumSet<?> newSet(@Nullable String name) {
        return EnumSet.noneOf((Class) enumNamed(name));
    }

    private Class<?> enumNamed(@Nullable String name) {
        Class<?> type = name == null ? Object.class : names.typeOf(name);
        if (!type.isEnum()) {
            throw new UnregisteredTypeException("the stored type is not an enum");
        }
        return type;
    }

    /**
     * Returns the constant of a name. Earlier versions wrote its {@code toString()}, which is accepted if no other constant has the
     * same.
     */
    static Object constant(Class<?> type, String text) {
        Object labelled = null;
        for (Object each : type.getEnumConstants()) {
            if (((Enum<?>) each).name().equals(text)) {
                return each;
            }
            if (text.equals(each.toString())) {
                if (labelled != null) {
                    throw new UnregisteredTypeException(
                            "two constants of " + LogText.text(type.getName()) + " have the same label");
                }
                labelled = each;
            }
        }
        if (labelled == null) {
            throw new UnregisteredTypeException(LogText.text(type.getName()) + " does not have the stored constant");
        }
        return labelled;
    }
}
