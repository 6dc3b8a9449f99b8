package dev.sojourn.servlet;

import dev.sojourn.spi.LogText;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What of a class of the application would be lost in silence, because JSON has no place for it. */
final class Shape {
    private Shape() {}

    /** Refuses a class of which a part would be lost. */
    static void check(Class<?> type) {
        if (Nameless.problem(type) != null) {
            throw TypeNames.refused(type);
        }
        boolean isContainer = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
        Set<String> names = new HashSet<>();
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            boolean isPlatforms = TypeNames.isPlatform(each);
            if (isPlatforms && isContainer) {
                return;
            }
            for (Field field : each.getDeclaredFields()) {
                if (isKept(field)) {
                    refuse(type, each, field, isContainer, isPlatforms || !names.add(field.getName()));
                }
            }
        }
    }

    private static boolean isKept(Field field) {
        return !Modifier.isStatic(field.getModifiers())
                && !Modifier.isTransient(field.getModifiers())
                && !field.isSynthetic();
    }

    private static void refuse(Class<?> type, Class<?> owner, Field field, boolean isContainer, boolean isOutOfReach) {
        if (isContainer) {
            throw new UnregisteredTypeException(LogText.text(type.getName())
                    + " is a collection, whose elements are stored, and its field '" + LogText.text(field.getName())
                    + "' would be lost: keep the collection in a field of a class");
        }
        if (isOutOfReach) {
            throw new UnregisteredTypeException(
                    "the field '" + LogText.text(field.getName()) + "' of " + LogText.text(owner.getName())
                            + ", from which " + LogText.text(type.getName())
                            + " inherits it, would be lost: a field of the same name hides it,"
                            + " or it is Java's own");
        }
    }
}
