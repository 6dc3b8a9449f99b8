package dev.sojourn.engine;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares a value with what was read back: class by class and field by field, regardless of their {@code equals},
 * including the order, comparator and bound of collections.
 */
final class ValueComparison {
    private static final int DEEPEST = 400;
    private static final int MOST_IN_ANY_ORDER = 2_000;

    /** Returns whether two values have the same JSON: for classes whose fields are closed to reflection. */
    private final BiPredicate<Object, Object> writtenAlike;

    private int depth;

    ValueComparison(BiPredicate<Object, Object> writtenAlike) {
        this.writtenAlike = writtenAlike;
    }

    /**
     * Does nothing if both are equal.
     *
     * @throws ValueRefusal if they are not
     */
    void require(@Nullable Object value, @Nullable Object back) {
        if (value == back) {
            return;
        }
        if (value == null || back == null) {
            throw new ValueRefusal((value == null ? "null" : "a " + name(value.getClass())) + " would read back as "
                    + (back == null ? "null" : "a " + name(back.getClass())));
        }
        requireClass(value.getClass(), back.getClass());
        if (++depth > DEEPEST) {
            throw new ValueRefusal("it is nested too deeply to be compared");
        }
        if (value.getClass().isArray()) {
            requireItems(value, back);
        } else if (value instanceof Map<?, ?> map) {
            requireEntries(map, (Map<?, ?>) back);
        } else if (value instanceof Collection<?> collection) {
            requireElements(collection, (Collection<?>) back);
        } else if (Beans.isPlatform(value.getClass())) {
            requirePlain(value, back);
        } else {
            requireFields(value, back);
        }
        depth--;
    }

    private static void requireClass(Class<?> type, Class<?> back) {
        if (!ContainerShape.isReadAs(back, type)) {
            boolean anyJson = back == LinkedHashMap.class
                    || back == ArrayList.class
                    || back == String.class
                    || back == Integer.class
                    || back == Long.class
                    || back == Double.class;
            throw new ValueRefusal("a " + name(type) + " would read back as a " + name(back)
                    + (anyJson
                            ? ": JSON alone does not show its type. Declare the type: set it with a key, such as"
                                    + " Key.listOf(name, Type.class), Key.mapOf(name, KeyType.class, Type.class) or"
                                    + " Key.of(name, new TypeReference<...>() {}), or keep it in a record whose component"
                                    + " has exactly that type"
                            : ": declare exactly that type, or use a " + name(back) + " instead"));
        }
    }

    private static String name(Class<?> type) {
        return type.getTypeName();
    }

    private void requireItems(Object value, Object back) {
        int length = Array.getLength(value);
        if (length != Array.getLength(back)) {
            throw new ValueRefusal("it would read back with a different length");
        }
        for (int i = 0; i < length; i++) {
            requireAt("[" + i + "]", Array.get(value, i), Array.get(back, i));
        }
    }

    private void requireAt(String step, @Nullable Object value, @Nullable Object back) {
        try {
            require(value, back);
        } catch (ValueRefusal e) {
            throw e.within(step);
        }
    }

    private void requireElements(Collection<?> value, Collection<?> back) {
        requireOrder(value, back);
        if (value.size() != back.size()) {
            throw new ValueRefusal("it would read back with " + back.size() + " elements instead of " + value.size());
        }
        if (value instanceof BlockingQueue<?> queue
                && queue.remainingCapacity() != ((BlockingQueue<?>) back).remainingCapacity()) {
            throw new ValueRefusal("a queue loses its bound: keep a list");
        }
        boolean anyOrder = value instanceof Set && !(value instanceof SortedSet) && !(value instanceof LinkedHashSet);
        if (anyOrder) {
            requireInAnyOrder(value, back);
        } else {
            Iterator<?> after = back.iterator();
            int at = 0;
            for (Object each : value) {
                requireAt("[" + at++ + "]", each, after.next());
            }
        }
        if (!Beans.isPlatform(value.getClass())) {
            requireFields(value, back);
        }
    }

    private void requireInAnyOrder(Collection<?> value, Collection<?> back) {
        if (value.size() > MOST_IN_ANY_ORDER) {
            throw new ValueRefusal("it has more than " + MOST_IN_ANY_ORDER
                    + " unordered elements of a type that has to be compared: keep a list, or a LinkedHashSet");
        }
        List<Object> left = new ArrayList<>(back);
        for (Object each : value) {
            removeMatch(left, each);
        }
    }

    /** Removes an equal element of a set or map, trying the most likely one first. */
    private void removeMatch(List<Object> left, @Nullable Object wanted) {
        ValueRefusal first = null;
        int before = depth;
        for (Iterator<Object> candidates = left.iterator(); candidates.hasNext(); ) {
            try {
                Object candidate = candidates.next();
                if (wanted instanceof Map.Entry<?, ?> entry) {
                    requireEntry(entry, (Map.Entry<?, ?>) candidate);
                } else {
                    require(wanted, candidate);
                }
                candidates.remove();
                return;
            } catch (ValueRefusal e) {
                depth = before;
                first = first == null ? e : first;
            }
        }
        throw first == null ? new ValueRefusal("an element would be missing") : first.within("[element]");
    }

    private void requireEntries(Map<?, ?> value, Map<?, ?> back) {
        requireOrder(value, back);
        if (value.size() != back.size()) {
            throw new ValueRefusal("it would read back with " + back.size() + " entries instead of " + value.size());
        }
        if (value instanceof Properties properties
                && !properties.stringPropertyNames().equals(((Properties) back).stringPropertyNames())) {
            throw new ValueRefusal("Properties lose their defaults: copy all of them into one object");
        }
        boolean ordered = value instanceof LinkedHashMap || value instanceof SortedMap;
        if (!ordered && value.size() > MOST_IN_ANY_ORDER) {
            throw new ValueRefusal("it has more than " + MOST_IN_ANY_ORDER
                    + " unordered entries of a type that has to be compared: keep a LinkedHashMap");
        }
        List<Object> left = new ArrayList<>(back.entrySet());
        Iterator<?> after = back.entrySet().iterator();
        for (Map.Entry<?, ?> entry : value.entrySet()) {
            if (ordered) {
                requireEntry(entry, (Map.Entry<?, ?>) after.next());
            } else {
                removeMatch(left, entry);
            }
        }
        if (!Beans.isPlatform(value.getClass())) {
            requireFields(value, back);
        }
    }

    private void requireEntry(Map.Entry<?, ?> entry, Map.Entry<?, ?> back) {
        requireAt("[key]", entry.getKey(), back.getKey());
        requireAt("[value]", entry.getValue(), back.getValue());
    }

    private static void requireOrder(Object value, Object back) {
        if (!Objects.equals(Comparators.of(value), Comparators.of(back))) {
            throw new ValueRefusal(
                    "it loses its comparator, which is code: keep an unsorted collection and sort it where it is used");
        }
    }

    private void requirePlain(Object value, Object back) {
        if (value instanceof Optional<?> optional) {
            require(optional.orElse(null), ((Optional<?>) back).orElse(null));
        } else if (value instanceof AtomicReference<?> reference) {
            require(reference.get(), ((AtomicReference<?>) back).get());
        } else if (!Objects.equals(comparable(value), comparable(back))) {
            throw new ValueRefusal("a " + name(value.getClass())
                    + " would read back as a different value: JSON cannot represent all of it,"
                    + " or a getter, setter or constructor that handles it changes it. Keep its content instead");
        }
    }

    /** Returns what to compare for classes of the JDK without a suitable {@code equals}. */
    private static Object comparable(Object value) {
        if (value instanceof Number number
                && value.getClass().getName().startsWith("java.util.concurrent.atomic.Atomic")) {
            return number.longValue();
        }
        if (value instanceof AtomicBoolean flag) {
            return flag.get();
        }
        if (value instanceof StringBuilder || value instanceof StringBuffer || value instanceof URL) {
            return value.toString();
        }
        return value instanceof Pattern pattern ? List.of(pattern.pattern(), pattern.flags()) : value;
    }

    private void requireFields(Object value, Object back) {
        if (value instanceof Enum) {
            throw new ValueRefusal("a constant of " + name(value.getClass()) + " would read back as a different one");
        }
        for (Field field : Beans.fields(value.getClass())) {
            try {
                field.setAccessible(true);
                requireAt("." + field.getName(), field.get(value), field.get(back));
            } catch (InaccessibleObjectException | IllegalAccessException e) {
                if (!writtenAlike.test(value, back)) {
                    throw new ValueRefusal("it would read back as a different value");
                }
                return;
            }
        }
    }
}
