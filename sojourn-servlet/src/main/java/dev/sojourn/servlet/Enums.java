package dev.sojourn.servlet;

import dev.sojourn.spi.LogText;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Enums by name: which one a map's keys or a set's elements are of, and constants by what stands for them. */
final class Enums {
    private final TypeNames names;

    Enums(TypeNames names) {
        this.names = names;
    }

    String keysOf(EnumMap<?, ?> map) {
        Class<?> known = map.isEmpty() ? null : map.keySet().iterator().next().getDeclaringClass();
        return names.nameOf(known == null ? probed(each -> put(map.clone(), each)) : known);
    }

    String elementsOf(EnumSet<?> set) {
        Class<?> known = set.isEmpty() ? null : set.iterator().next().getDeclaringClass();
        return names.nameOf(known == null ? probed(each -> add(set.clone(), each)) : known);
    }

    /** An empty one keeps its enum to itself, but takes no constant of another. */
    private Class<?> probed(Consumer<Enum<?>> into) {
        for (Class<?> each : names.enums()) {
            Object[] constants = each.getEnumConstants();
            try {
                if (constants.length > 0) {
                    into.accept((Enum<?>) constants[0]);
                    return each;
                }
            } catch (ClassCastException e) {
                // of another enum
            }
        }
        throw new UnregisteredTypeException("the enum of an empty EnumMap or EnumSet is not registered");
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // whether it fits is what is asked
    private static void put(EnumMap map, Enum<?> key) {
        map.put(key, "");
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // whether it fits is what is asked
    private static void add(EnumSet set, Enum<?> element) {
        set.add(element);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // checked to be an enum
    EnumMap<?, Object> mapOf(@Nullable String name) {
        return new EnumMap(enumOf(name));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // checked to be an enum
    EnumSet<?> setOf(@Nullable String name) {
        return EnumSet.noneOf((Class) enumOf(name));
    }

    private Class<?> enumOf(@Nullable String name) {
        Class<?> type = name == null ? Object.class : names.typeOf(name);
        if (!type.isEnum()) {
            throw new UnregisteredTypeException("an enum that is none");
        }
        return type;
    }

    /**
     * Returns the constant of a name. Earlier versions wrote what its {@code toString()} gave, which is taken where it can be
     * no other constant.
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
                            "two constants of " + LogText.text(type.getName()) + " go by one label");
                }
                labelled = each;
            }
        }
        if (labelled == null) {
            throw new UnregisteredTypeException("a constant that " + LogText.text(type.getName()) + " does not have");
        }
        return labelled;
    }
}
