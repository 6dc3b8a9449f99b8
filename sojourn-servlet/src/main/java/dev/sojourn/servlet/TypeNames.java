package dev.sojourn.servlet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The closed set of types that a session may hold, by the names that stand in its JSON. Immutable. */
final class TypeNames {
    private static final String ARRAY = "[]";

    private static final List<Class<?>> JAVAS_OWN = List.of(
            Object.class,
            String.class,
            Boolean.class,
            Integer.class,
            Double.class,
            Long.class,
            Short.class,
            Byte.class,
            Float.class,
            Character.class,
            BigInteger.class,
            BigDecimal.class,
            UUID.class,
            Locale.class,
            Currency.class,
            URI.class,
            Date.class,
            TimeZone.class,
            Instant.class,
            Duration.class,
            Period.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            ZoneId.class,
            Year.class,
            YearMonth.class,
            ArrayList.class,
            LinkedList.class,
            ArrayDeque.class,
            HashSet.class,
            LinkedHashSet.class,
            TreeSet.class,
            HashMap.class,
            LinkedHashMap.class,
            TreeMap.class,
            ConcurrentHashMap.class,
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

    TypeNames(Class<?>... registered) {
        JAVAS_OWN.forEach(this::add);
        for (Class<?> each : registered) {
            add(each);
        }
    }

    private void add(Class<?> type) {
        String home = type.getPackageName();
        String name = type.getName();
        name = name.startsWith(home + ".") ? name.substring(home.length() + 1) : name;
        Class<?> before = types.putIfAbsent(name, type);
        if (before != null && before != type) {
            throw new IllegalArgumentException(type.getName() + " and " + before.getName()
                    + " would have the same name in a session: '" + name + "'; rename one of them");
        }
        names.put(type, name);
    }

    String nameOf(Class<?> type) {
        if (type.isArray()) {
            return nameOf(type.getComponentType()) + ARRAY;
        }
        String name = names.get(type);
        if (name == null && Enum.class.isAssignableFrom(type) && !type.isEnum()) {
            name = names.get(type.getSuperclass());
        }
        if (name == null) {
            name = names.get(standIn(type));
        }
        if (name == null) {
            throw new UnregisteredTypeException("a type named " + type.getName() + " is not registered:"
                    + " SojournFilter.builder(sessions).attributes(AttributeFormat.json(" + type.getSimpleName()
                    + ".class, …))");
        }
        return name;
    }

    /** What comes back in place of a type of Java's own that cannot be made from outside, such as that of List.of(). */
    private static Class<?> standIn(Class<?> type) {
        if (!type.getName().startsWith("java.") && !type.getName().startsWith("sun.")) {
            return type;
        }
        if (TimeZone.class.isAssignableFrom(type)) {
            return TimeZone.class;
        }
        if (ZoneId.class.isAssignableFrom(type)) {
            return ZoneId.class;
        }
        if (Map.class.isAssignableFrom(type)) {
            return SortedMap.class.isAssignableFrom(type) ? TreeMap.class : LinkedHashMap.class;
        }
        if (Set.class.isAssignableFrom(type)) {
            return SortedSet.class.isAssignableFrom(type) ? TreeSet.class : LinkedHashSet.class;
        }
        return Collection.class.isAssignableFrom(type) ? ArrayList.class : type;
    }

    Class<?> typeOf(String name) {
        if (name.endsWith(ARRAY)) {
            return typeOf(name.substring(0, name.length() - ARRAY.length())).arrayType();
        }
        Class<?> type = types.get(name);
        if (type == null) {
            throw new UnregisteredTypeException("a type that is not registered");
        }
        return type;
    }
}
