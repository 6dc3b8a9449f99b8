package dev.sojourn.tools.values;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.WeakHashMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares a value with what was read back. They are the same if they have the same class and do not differ in anything
 * that an application could notice: content, order, comparator, time zone and precision. There are two exceptions. A
 * hidden collection class of the JDK ({@code List.of}, {@code Arrays.asList}, {@code unmodifiableMap}) may become the
 * ordinary list, set or map. A {@code HashSet} or {@code HashMap} may become its linked subclass.
 *
 * <p>Values of a JDK class without its own {@code equals} are never the same, so a format that supports such a class needs
 * a case here.
 */
public final class ValueComparison {
    private static final int MAX_DEPTH = 200;

    private ValueComparison() {}

    /**
     * Returns the first difference.
     *
     * @param expected the value that was put in
     * @param actual the value that was read back
     * @return where and how they differ, or empty if they are the same
     */
    public static Optional<String> difference(@Nullable Object expected, @Nullable Object actual) {
        return Optional.ofNullable(difference("value", expected, actual, 0));
    }

    private static @Nullable String difference(String at, @Nullable Object one, @Nullable Object other, int depth) {
        if (one == other) {
            return null;
        }
        if (one == null || other == null) {
            return at + ": " + (one == null ? "null" : one.getClass().getName()) + " became "
                    + (other == null ? "null" : other.getClass().getName());
        }
        if (depth > MAX_DEPTH) {
            return at + ": nested too deeply to compare";
        }
        if (!sameClass(one, other)) {
            return at + ": " + one.getClass().getName() + " became "
                    + other.getClass().getName();
        }
        if (one.getClass().isArray()) {
            return arrays(at, one, other, depth);
        }
        if (one instanceof Map<?, ?> map) {
            return maps(at, map, (Map<?, ?>) other, depth);
        }
        if (one instanceof Collection<?> collection) {
            return collections(at, collection, (Collection<?>) other, depth);
        }
        return isPlatform(one.getClass()) ? plain(at, one, other, depth) : fields(at, one, other, depth);
    }

    private static boolean sameClass(Object one, Object other) {
        Class<?> before = one.getClass();
        Class<?> after = other.getClass();
        if (before == after) {
            return true;
        }
        if (before == HashSet.class) {
            return after == LinkedHashSet.class;
        }
        if (before == HashMap.class) {
            return after == LinkedHashMap.class;
        }
        boolean hidden = before.getName().startsWith("java.util.") && !Modifier.isPublic(before.getModifiers());
        if (!hidden
                || before.getName().contains("Synchronized")
                || before.getName().contains("Checked")) {
            return false;
        }
        return one instanceof List
                ? after == ArrayList.class
                : one instanceof SortedSet
                        ? other instanceof SortedSet
                        : one instanceof Set
                                ? after == LinkedHashSet.class
                                : one instanceof SortedMap
                                        ? other instanceof SortedMap
                                        : one instanceof Map
                                                ? after == LinkedHashMap.class
                                                : one instanceof Collection && after == ArrayList.class;
    }

    private static @Nullable String arrays(String at, Object one, Object other, int depth) {
        int length = Array.getLength(one);
        if (length != Array.getLength(other)) {
            return at + ": different length";
        }
        for (int i = 0; i < length; i++) {
            String inner = difference(at + "[" + i + "]", Array.get(one, i), Array.get(other, i), depth + 1);
            if (inner != null) {
                return inner;
            }
        }
        return null;
    }

    private static @Nullable String collections(String at, Collection<?> one, Collection<?> other, int depth) {
        if (one.size() != other.size()) {
            return at + ": " + one.size() + " elements became " + other.size();
        }
        if (!sameOrder(comparator(one), comparator(other))) {
            return at + ": lost its comparator";
        }
        if (one instanceof BlockingQueue<?> queue
                && queue.remainingCapacity() != ((BlockingQueue<?>) other).remainingCapacity()) {
            return at + ": lost its bound";
        }
        boolean anyOrder = one.getClass() == HashSet.class
                || (one instanceof Set && !(one instanceof SortedSet) && !(one instanceof LinkedHashSet));
        String inner =
                anyOrder ? inAnyOrder(at, one, other, depth) : inOrder(at, one.iterator(), other.iterator(), depth);
        return inner != null || isPlatform(one.getClass()) ? inner : fields(at, one, other, depth);
    }

    private static @Nullable String inOrder(String at, Iterator<?> one, Iterator<?> other, int depth) {
        for (int i = 0; one.hasNext(); i++) {
            String inner = difference(at + "[" + i + "]", one.next(), other.next(), depth + 1);
            if (inner != null) {
                return inner;
            }
        }
        return null;
    }

    private static @Nullable String inAnyOrder(String at, Collection<?> one, Collection<?> other, int depth) {
        List<Object> left = new ArrayList<>(other);
        for (Object each : one) {
            if (!left.removeIf(candidate -> difference(at, each, candidate, depth + 1) == null)) {
                return at + ": an element is missing";
            }
        }
        return null;
    }

    private static @Nullable String maps(String at, Map<?, ?> one, Map<?, ?> other, int depth) {
        if (one instanceof IdentityHashMap || one instanceof WeakHashMap) {
            return at + ": identity and weak keys cannot be compared";
        }
        if (one.size() != other.size()) {
            return at + ": " + one.size() + " entries became " + other.size();
        }
        if (!sameOrder(comparator(one), comparator(other))) {
            return at + ": lost its comparator";
        }
        if (one instanceof Properties properties
                && !properties.stringPropertyNames().equals(((Properties) other).stringPropertyNames())) {
            return at + ": lost its defaults";
        }
        List<Object> left = new ArrayList<>(other.entrySet());
        boolean ordered = one instanceof LinkedHashMap || one instanceof SortedMap;
        Iterator<?> inOrder = other.entrySet().iterator();
        for (Map.Entry<?, ?> entry : one.entrySet()) {
            String inner;
            if (ordered) {
                inner = entry(at, entry, (Map.Entry<?, ?>) inOrder.next(), depth);
            } else {
                boolean found =
                        left.removeIf(candidate -> entry(at, entry, (Map.Entry<?, ?>) candidate, depth) == null);
                inner = found ? null : at + ": an entry is missing";
            }
            if (inner != null) {
                return inner;
            }
        }
        return isPlatform(one.getClass()) ? null : fields(at, one, other, depth);
    }

    private static @Nullable String entry(String at, Map.Entry<?, ?> one, Map.Entry<?, ?> other, int depth) {
        String key = difference(at + " key", one.getKey(), other.getKey(), depth + 1);
        return key != null ? key : difference(at + " entry", one.getValue(), other.getValue(), depth + 1);
    }

    private static @Nullable Comparator<?> comparator(Object ordered) {
        Comparator<?> comparator = ordered instanceof SortedMap<?, ?> map
                ? map.comparator()
                : ordered instanceof SortedSet<?> set
                        ? set.comparator()
                        : ordered instanceof PriorityQueue<?> queue
                                ? queue.comparator()
                                : ordered instanceof PriorityBlockingQueue<?> queue ? queue.comparator() : null;
        return comparator == Comparator.naturalOrder() ? null : comparator;
    }

    private static boolean sameOrder(@Nullable Comparator<?> one, @Nullable Comparator<?> other) {
        return Objects.equals(one, other);
    }

    private static @Nullable String plain(String at, Object one, Object other, int depth) {
        if (one instanceof Optional<?> optional) {
            return difference(at, optional.orElse(null), ((Optional<?>) other).orElse(null), depth + 1);
        }
        if (one instanceof AtomicReference<?> reference) {
            return difference(at, reference.get(), ((AtomicReference<?>) other).get(), depth + 1);
        }
        return Objects.equals(comparable(one), comparable(other))
                ? null
                : at + ": different " + one.getClass().getName();
    }

    /** Returns a value with {@code equals} for a value of a class that has none of its own. */
    private static Object comparable(Object value) {
        if (value instanceof AtomicInteger || value instanceof AtomicLong) {
            return ((Number) value).longValue();
        }
        if (value instanceof AtomicBoolean flag) {
            return flag.get();
        }
        if (value instanceof StringBuilder || value instanceof StringBuffer || value instanceof URL) {
            return value.toString();
        }
        if (value instanceof Pattern pattern) {
            return List.of(pattern.pattern(), pattern.flags());
        }
        return value;
    }

    private static @Nullable String fields(String at, Object one, Object other, int depth) {
        if (one instanceof Enum) {
            return at + ": different constant";
        }
        for (Class<?> type = one.getClass(); type != null && !isPlatform(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (Modifier.isStatic(modifiers) || Modifier.isTransient(modifiers)) {
                    continue;
                }
                try {
                    field.setAccessible(true);
                    String inner = difference(at + "." + field.getName(), field.get(one), field.get(other), depth + 1);
                    if (inner != null) {
                        return inner;
                    }
                } catch (IllegalAccessException | RuntimeException e) {
                    return at + "." + field.getName() + ": cannot be read";
                }
            }
        }
        return null;
    }

    private static boolean isPlatform(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }
}
