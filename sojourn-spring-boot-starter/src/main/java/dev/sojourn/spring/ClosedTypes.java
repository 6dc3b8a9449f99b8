package dev.sojourn.spring;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.impl.ClassNameIdResolver;
import tools.jackson.databind.jsontype.impl.DefaultTypeResolverBuilder;

/**
 * The types that a value of Spring Security consists of where a class leaves that open. Exactly these, and not their
 * subclasses, which would come back as something else. Any other type is refused when it is written; when a value is
 * read, a name that is not listed loads no class.
 */
final class ClosedTypes {
    /** The key of an attribute of Jackson's context: a {@code Set<Class<?>>} of the types that one write has met. */
    static final Object MET = new Object();

    private static final Class<?> LIST =
            Collections.unmodifiableList(new ArrayList<>()).getClass();
    private static final Class<?> SET =
            Collections.unmodifiableSet(new HashSet<>()).getClass();
    private static final Class<?> MAP =
            Collections.unmodifiableMap(new HashMap<>()).getClass();

    /** What the JDK makes under names that nobody can say: stored as one that is as unmodifiable and equals it. */
    @SuppressWarnings("JdkObsolete") // the JDK wraps a list without random access in another class
    private static final List<Object> UNMODIFIABLE = List.of(
            List.of(),
            List.of(1),
            List.of(1, 2, 3).subList(0, 1),
            Collections.emptyList(),
            Collections.singletonList(1),
            Collections.unmodifiableList(new LinkedList<>()),
            Set.of(),
            Set.of(1),
            Collections.emptySet(),
            Collections.singleton(1),
            Map.of(),
            Map.of(1, 1),
            Collections.emptyMap(),
            Collections.singletonMap(1, 1));

    private final Map<String, Class<?>> byName = new HashMap<>();
    private final Map<Class<?>, Class<?>> standIns = new HashMap<>();

    ClosedTypes(Collection<Class<?>> types) {
        types.forEach(type -> byName.put(type.getName(), type));
        List.of(LIST, SET, MAP).forEach(type -> byName.put(type.getName(), type));
        UNMODIFIABLE.forEach(each -> {
            byName.put(each.getClass().getName(), each.getClass());
            standIns.put(each.getClass(), each instanceof List ? LIST : each instanceof Set ? SET : MAP);
        });
        standIns.put(Arrays.asList(1).getClass(), ArrayList.class);
    }

    private Class<?> storedAs(Object value) {
        Class<?> type = value.getClass();
        Class<?> unmodifiable = standIns.get(type);
        if (unmodifiable != null) {
            return unmodifiable;
        }
        if (byName.get(type.getName()) == type && !isOrderedByAnother(value)) {
            return type;
        }
        Class<?> equal = standIn(value);
        if (equal == null) {
            throw new UnknownTypeException(type);
        }
        return equal;
    }

    private static boolean isOrderedByAnother(Object value) {
        return (value instanceof SortedMap<?, ?> map && map.comparator() != null)
                || (value instanceof SortedSet<?> set && set.comparator() != null);
    }

    /**
     * What is stored for a collection or a certificate whose class is its maker's business, such as the maps of a library that
     * reads tokens: one that equals it. Not for sorted ones, whose comparator would get lost.
     */
    private static @Nullable Class<?> standIn(Object value) {
        if (value instanceof SortedMap || value instanceof SortedSet) {
            return null;
        }
        return Stream.<Map.Entry<Class<?>, Class<?>>>of(
                        Map.entry(Map.class, LinkedHashMap.class),
                        Map.entry(Set.class, LinkedHashSet.class),
                        Map.entry(List.class, ArrayList.class),
                        Map.entry(X509Certificate.class, X509Certificate.class))
                .filter(each -> each.getKey().isInstance(value))
                .findFirst()
                .<Class<?>>map(Map.Entry::getValue)
                .orElse(null);
    }

    /** Jackson's default typing as Spring Security's modules set it up, over the closed set. */
    DefaultTypeResolverBuilder typing() {
        return new Typing();
    }

    /** Decides about the names of types in stored values, before any class is loaded. */
    PolymorphicTypeValidator validator() {
        return new Exactly();
    }

    private final class Exactly extends PolymorphicTypeValidator {
        private static final long serialVersionUID = 1L;

        @Override
        public Validity validateBaseType(DatabindContext context, JavaType base) {
            return Validity.INDETERMINATE;
        }

        @Override
        public Validity validateSubClassName(DatabindContext context, JavaType base, String name) {
            return byName.containsKey(name) ? Validity.ALLOWED : Validity.DENIED;
        }

        @Override
        public Validity validateSubType(DatabindContext context, JavaType base, JavaType type) {
            return validateSubClassName(context, base, type.getRawClass().getName());
        }
    }

    private final class Typing extends DefaultTypeResolverBuilder {
        private static final long serialVersionUID = 1L;

        Typing() {
            super(validator(), DefaultTyping.NON_FINAL, JsonTypeInfo.As.PROPERTY);
        }

        @Override
        protected TypeIdResolver idResolver(
                DatabindContext context,
                JavaType base,
                PolymorphicTypeValidator closed,
                Collection<NamedType> subtypes,
                boolean forWriting,
                boolean forReading) {
            return new Names(base, closed);
        }
    }

    private final class Names extends ClassNameIdResolver {
        private static final long serialVersionUID = 1L;

        Names(JavaType base, PolymorphicTypeValidator closed) {
            super(base, List.of(), closed);
        }

        @Override
        public String idFromValue(DatabindContext context, Object value) {
            Class<?> type = storedAs(value);
            @SuppressWarnings("unchecked") // set by the one who writes
            Set<Class<?>> met = (Set<Class<?>>) context.getAttribute(MET);
            if (met != null) {
                met.add(type);
            }
            return type.getName();
        }

        @Override
        public String idFromValueAndType(DatabindContext context, @Nullable Object value, Class<?> type) {
            return value == null ? type.getName() : idFromValue(context, value);
        }
    }

    /** A value holds an object of a type that is not stored. */
    static final class UnknownTypeException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final transient Class<?> type;

        UnknownTypeException(Class<?> type) {
            super("not a type that is stored: " + type.getName());
            this.type = type;
        }

        Class<?> type() {
            return type;
        }
    }
}
