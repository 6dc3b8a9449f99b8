package dev.sojourn.servlet;

import dev.sojourn.spi.LogText;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Detects parts of an application's class that would be lost silently, because JSON cannot hold them. */
final class JsonTypeShape {
    private JsonTypeShape() {}

    /** Rejects a class if a part of it would be lost. */
    static void requireLossless(Class<?> type) {
        if (JsonGeneratedTypes.rejection(type) != null) {
            throw JsonTypeNames.rejection(type);
        }
        boolean isContainer = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
        Set<String> names = new HashSet<>();
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            boolean isPlatforms = JsonTypeNames.isPlatform(each);
            if (isPlatforms && isContainer) {
                return;
            }
            for (Field field : each.getDeclaredFields()) {
                if (!isStored(field)) {
                    continue;
                }
                if (isContainer) {
                    throw lostInContainer(type, field);
                }
                if (isPlatforms || !names.add(field.getName())) {
                    throw unreachable(type, each, field);
                }
            }
        }
    }

    private static boolean isStored(Field field) {
        return !Modifier.isStatic(field.getModifiers())
                && !Modifier.isTransient(field.getModifiers())
                && !field.isSynthetic();
    }

    private static UnregisteredTypeException lostInContainer(Class<?> type, Field field) {
        return new UnregisteredTypeException(LogText.text(type.getName())
                + " is a collection, of which only elements are stored, and its field '"
                + LogText.text(field.getName()) + "' would be lost: put the collection into a field of a class");
    }

    private static UnregisteredTypeException unreachable(Class<?> type, Class<?> owner, Field field) {
        return new UnregisteredTypeException(
                "the field '" + LogText.text(field.getName()) + "' of " + LogText.text(owner.getName())
                        + ", from which " + LogText.text(type.getName())
                        + " inherits it, would be lost: a field of the same name hides it,"
                        + " or it is in a JDK class");
    }
}
