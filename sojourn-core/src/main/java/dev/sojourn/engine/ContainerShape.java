package dev.sojourn.engine;

import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The shapes of lists, sets, maps and arrays: the class that is read back, and the shape of the contents. */
final class ContainerShape {
    private static final int LONGEST_KEY = 10_000;

    /** The classes of {@code List.of}, which most hidden lists have. */
    private static final Class<?> FEW = List.of(1).getClass();

    private static final Class<?> SOME = List.of(1, 2, 3).getClass();

    private ContainerShape() {}

    /** Values are read as this class; they may be written from a class that it replaces. */
    record Elements(Class<?> read, Shape element) implements Shape {
        @Override
        public boolean survives(@Nullable Object value, ValueInspection inspection) {
            if (value == null) {
                return true;
            }
            if (!isReadAs(read, value.getClass()) || isOrdered(read, value)) {
                return false;
            }
            // A cast to the interface that the mapper casts to is cheap: the JVM remembers one for each class.
            return value instanceof List<?> list
                    ? survives(list.size(), list.iterator(), inspection)
                    : survives(((Collection<?>) value).size(), ((Collection<?>) value).iterator(), inspection);
        }

        private boolean survives(int size, Iterator<?> all, ValueInspection inspection) {
            inspection.enter(size);
            boolean survives = true;
            for (int at = 0; all.hasNext(); at++) {
                survives &= inside(element, all.next(), inspection, at);
            }
            inspection.leave();
            return survives;
        }
    }

    /** The same for maps. */
    record Entries(Class<?> read, Shape key, Shape value) implements Shape {
        @Override
        public boolean survives(@Nullable Object map, ValueInspection inspection) {
            if (map == null) {
                return true;
            }
            if (!isReadAs(read, map.getClass()) || isOrdered(read, map)) {
                return false;
            }
            inspection.enter(2 * ((Map<?, ?>) map).size());
            boolean survives = true;
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
                Object name = entry.getKey();
                requireWellFormed(name);
                survives &= name != null
                        && key.survives(name, inspection)
                        && !(name instanceof String text && text.length() > LONGEST_KEY);
                try {
                    survives &= value.survives(entry.getValue(), inspection);
                } catch (ValueRefusal e) {
                    throw e.within("[value]");
                }
            }
            inspection.leave();
            return survives;
        }
    }

    /** An array of objects. */
    record Items(Class<?> type, Shape element) implements Shape {
        @Override
        public boolean survives(@Nullable Object value, ValueInspection inspection) {
            if (value == null) {
                return true;
            }
            if (value.getClass() != type) {
                return false;
            }
            inspection.enter(Array.getLength(value));
            boolean survives = true;
            for (int i = 0; i < Array.getLength(value); i++) {
                survives &= inside(element, Array.get(value, i), inspection, i);
            }
            inspection.leave();
            return survives;
        }
    }

    /** Rejects an unpaired surrogate: it is escaped in a name, and the mapper's reader then confuses names. */
    private static void requireWellFormed(@Nullable Object key) {
        boolean broken = key instanceof String text
                ? !TextRules.isWellFormed(text)
                : key instanceof Character one && Character.isSurrogate(one);
        if (broken) {
            throw new ValueRefusal("a key is not a well-formed text: it has an unpaired surrogate");
        }
    }

    private static boolean isOrdered(Class<?> read, Object value) {
        return read != ArrayList.class
                && read != LinkedHashSet.class
                && read != LinkedHashMap.class
                && Comparators.of(value) != null;
    }

    private static boolean inside(Shape element, @Nullable Object value, ValueInspection inspection, int at) {
        try {
            return element.survives(value, inspection);
        } catch (ValueRefusal e) {
            throw e.within("[" + at + "]");
        }
    }

    /**
     * Returns whether a value of one class may be read back as another: the class itself, a plain set or map as its
     * linked subclass, and the JDK's hidden lists, sets and maps ({@code List.of}, {@code Arrays.asList}, {@code
     * unmodifiableMap}) as the plain kind.
     */
    static boolean isReadAs(Class<?> read, Class<?> written) {
        if (read == written || (read == ArrayList.class && (written == FEW || written == SOME))) {
            return true;
        }
        if (read == ArrayList.class) {
            return isHidden(written) && !Set.class.isAssignableFrom(written);
        }
        if (read == LinkedHashSet.class) {
            return written == HashSet.class
                    || (isHidden(written)
                            && Set.class.isAssignableFrom(written)
                            && !SortedSet.class.isAssignableFrom(written));
        }
        if (read == LinkedHashMap.class) {
            return written == HashMap.class || (isHidden(written) && !SortedMap.class.isAssignableFrom(written));
        }
        if (read == TreeSet.class || read == TreeMap.class) {
            return isHidden(written);
        }
        return false;
    }

    private static boolean isHidden(Class<?> written) {
        String name = written.getName();
        return name.startsWith("java.util.")
                && !Modifier.isPublic(written.getModifiers())
                && !name.startsWith("java.util.Collections$Synchronized")
                && !name.startsWith("java.util.Collections$Checked");
    }
}
