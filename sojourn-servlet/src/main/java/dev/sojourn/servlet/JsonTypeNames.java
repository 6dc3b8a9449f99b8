package dev.sojourn.servlet;

import dev.sojourn.spi.LogText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.ZoneId;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.Stack;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The closed set of types that a session may contain, with their names in its JSON. Immutable. */
final class JsonTypeNames {
    private static final String ARRAY = "[]";
    private static final int MAX_DIMENSIONS = 8;

    @SuppressWarnings("JdkObsolete") // old types are what applications hold
    private static final List<Class<?>> PLATFORM_CLASSES = List.of(
            Object.class,
            String.class,
            Boolean.class,
            Integer.class,
            Double.class,
            Long.class,
            Short.class,
            Byte.class,
            Float.class,
            BigInteger.class,
            BigDecimal.class,
            Optional.class,
            OptionalInt.class,
            OptionalLong.class,
            OptionalDouble.class,
            AtomicReference.class,
            AbstractMap.SimpleEntry.class,
            AbstractMap.SimpleImmutableEntry.class,
            ArrayList.class,
            LinkedList.class,
            ArrayDeque.class,
            Vector.class,
            Stack.class,
            CopyOnWriteArrayList.class,
            CopyOnWriteArraySet.class,
            ConcurrentLinkedQueue.class,
            ConcurrentLinkedDeque.class,
            PriorityQueue.class,
            PriorityBlockingQueue.class,
            HashSet.class,
            LinkedHashSet.class,
            TreeSet.class,
            ConcurrentSkipListSet.class,
            EnumSet.class,
            HashMap.class,
            LinkedHashMap.class,
            TreeMap.class,
            ConcurrentHashMap.class,
            ConcurrentSkipListMap.class,
            Hashtable.class,
            Properties.class,
            EnumMap.class,
            DayOfWeek.class,
            Month.class,
            ChronoUnit.class,
            ChronoField.class,
            TimeUnit.class,
            RoundingMode.class,
            int.class,
            long.class,
            short.class,
            byte.class,
            double.class,
            float.class,
            char.class,
            boolean.class);

    private final Map<String, Class<?>> types = new HashMap<>();
    private final Map<Class<?>, String> names = new HashMap<>();

    JsonTypeNames(Class<?>... registered) {
        PLATFORM_CLASSES.forEach(this::add);
        JsonScalarCodecs.types().forEach(this::add);
        JsonJdkCollections.NAMES.forEach((type, name) -> {
            types.putIfAbsent(name, type);
            names.put(type, name);
        });
        for (Class<?> each : registered) {
            if (!names.containsKey(each)) {
                checkRegistrable(each);
                add(each);
            }
        }
    }

    private static void checkRegistrable(Class<?> type) {
        String problem = JsonGeneratedTypes.rejection(type);
        if (problem != null) {
            throw new IllegalArgumentException(LogText.text(type.getName()) + " cannot be registered: " + problem);
        }
        boolean isContainer = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
        if (type == Class.class || (isPlatform(type) && isContainer)) {
            throw new IllegalArgumentException(
                    LogText.text(type.getName()) + " cannot be stored in a session without loss."
                            + " Copy it into an ArrayList, a LinkedHashSet or a LinkedHashMap");
        }
    }

    static boolean isPlatform(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    private void add(Class<?> type) {
        String home = type.getPackageName();
        String name = type.getName();
        name = name.startsWith(home + ".") ? name.substring(home.length() + 1) : name;
        name = home.equals("java.sql") ? "sql." + name : name;
        Class<?> before = types.putIfAbsent(name, type);
        if (before != null && before != type) {
            throw new IllegalArgumentException(LogText.text(type.getName()) + " and "
                    + LogText.text(before.getName()) + " would have the same name in a session: "
                    + LogText.quote(name) + "; rename one of them");
        }
        names.put(type, name);
    }

    /** Returns whether a type is registered, or is a JDK type that can be read back unchanged. */
    boolean knows(Class<?> type) {
        return names.containsKey(publicType(type));
    }

    /** Returns the enums among the types. */
    Set<Class<?>> enums() {
        Set<Class<?>> enums = new LinkedHashSet<>();
        types.values().stream().filter(Class::isEnum).forEach(enums::add);
        return enums;
    }

    String nameOf(Class<?> type) {
        StringBuilder dimensions = new StringBuilder();
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
            dimensions.append(ARRAY);
        }
        // An array keeps its exact element class.
        String name = names.get(element == type ? publicType(element) : element);
        if (name == null || type == Object.class || dimensions.length() > MAX_DIMENSIONS * ARRAY.length()) {
            throw rejection(element);
        }
        return name + dimensions;
    }

    /** Returns the public type of a class that Java or the compiler generates for individual values. */
    private static Class<?> publicType(Class<?> type) {
        if (Enum.class.isAssignableFrom(type) && !type.isEnum() && type != Enum.class) {
            return type.getSuperclass();
        }
        if (!isPlatform(type)) {
            return type;
        }
        if (TimeZone.class.isAssignableFrom(type)) {
            return TimeZone.class;
        }
        if (ZoneId.class.isAssignableFrom(type)) {
            return ZoneId.class;
        }
        return EnumSet.class.isAssignableFrom(type) ? EnumSet.class : type;
    }

    static UnregisteredTypeException rejection(Class<?> type) {
        if (isPlatform(type)) {
            boolean isContainer = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
            return new UnregisteredTypeException(
                    "a " + LogText.text(type.getName()) + " cannot be read back unchanged; "
                            + (isContainer
                                    ? "copy it into an ArrayList, a LinkedHashSet or a LinkedHashMap"
                                    : "store its data instead"));
        }
        String problem = JsonGeneratedTypes.rejection(type);
        if (problem != null) {
            return new UnregisteredTypeException(LogText.text(type.getName()) + " cannot be registered: " + problem);
        }
        return new UnregisteredTypeException("a type named " + LogText.text(type.getName()) + " is not registered:"
                + " SojournFilter.builder(sessions).attributes(AttributeFormat.json("
                + LogText.text(type.getSimpleName())
                + ".class, …)), with Spring sojourn.attributes.types");
    }

    Class<?> typeOf(String name) {
        int end = name.length();
        int dimensions = 0;
        while (name.startsWith(ARRAY, end - ARRAY.length()) && dimensions <= MAX_DIMENSIONS) {
            end -= ARRAY.length();
            dimensions++;
        }
        Class<?> type = dimensions > MAX_DIMENSIONS ? null : types.get(name.substring(0, end));
        if (type == null) {
            throw new UnregisteredTypeException("a type that is not registered");
        }
        for (int i = 0; i < dimensions; i++) {
            type = type.arrayType();
        }
        return type;
    }
}
