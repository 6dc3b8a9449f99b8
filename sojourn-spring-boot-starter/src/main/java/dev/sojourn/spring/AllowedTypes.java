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
 * The closed set of types that values of Spring Security may contain where a declared type leaves the class open. Subclasses
 * are not included, because they would be read as another class. Any other type is refused when it is written. When a value is
 * read, a name that is not in the set loads no class.
 */
final class AllowedTypes {
    /** The key of an attribute of Jackson's context: a {@code Set<Class<?>>} that collects the types of one write. */
    static final Object SEEN = new Object();

    private static final Class<?> LIST =
            Collections.unmodifiableList(new ArrayList<>()).getClass();
    private static final Class<?> SET =
            Collections.unmodifiableSet(new HashSet<>()).getClass();
    private static final Class<?> MAP =
            Collections.unmodifiableMap(new HashMap<>()).getClass();

    /** Instances of the JDK's hidden classes. Each is stored as an unmodifiable collection that equals it. */
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
    private final Map<Class<?>, Class<?>> substitutes = new HashMap<>();

    AllowedTypes(Collection<Class<?>> types) {
        types.forEach(type -> byName.put(type.getName(), type));
        List.of(LIST, SET, MAP).forEach(type -> byName.put(type.getName(), type));
        UNMODIFIABLE.forEach(each -> {
            byName.put(each.getClass().getName(), each.getClass());
            substitutes.put(each.getClass(), each instanceof List ? LIST : each instanceof Set ? SET : MAP);
        });
        substitutes.put(Arrays.asList(1).getClass(), ArrayList.class);
    }

    private Class<?> storedType(Object value) {
        Class<?> type = value.getClass();
        Class<?> unmodifiable = substitutes.get(type);
        if (unmodifiable != null) {
            return unmodifiable;
        }
        if (byName.get(type.getName()) == type && !hasComparator(value)) {
            return type;
        }
        Class<?> equal = substitute(value);
        if (equal == null) {
            throw new UnknownTypeException(type);
        }
        return equal;
    }

    private static boolean hasComparator(Object value) {
        return (value instanceof SortedMap<?, ?> map && map.comparator() != null)
                || (value instanceof SortedSet<?> set && set.comparator() != null);
    }

    /**
     * Returns the class to store for a collection or a certificate of another class, such as the maps of a library that reads
     * tokens: a class whose instances can equal it. Returns null for sorted collections, whose comparator would be lost.
     */
    private static @Nullable Class<?> substitute(Object value) {
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

    /** Returns Jackson's default typing as Spring Security's modules configure it, restricted to this set. */
    DefaultTypeResolverBuilder typing() {
        return new ClosedTyping();
    }

    /** Returns a validator of type names in stored values, which is called before a class is loaded. */
    PolymorphicTypeValidator validator() {
        return new ExactValidator();
    }

    private final class ExactValidator extends PolymorphicTypeValidator {
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

    private final class ClosedTyping extends DefaultTypeResolverBuilder {
        private static final long serialVersionUID = 1L;

        ClosedTyping() {
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
            return new TypeNames(base, closed);
        }
    }

    private final class TypeNames extends ClassNameIdResolver {
        private static final long serialVersionUID = 1L;

        TypeNames(JavaType base, PolymorphicTypeValidator closed) {
            super(base, List.of(), closed);
        }

        @Override
        public String idFromValue(DatabindContext context, Object value) {
            Class<?> type = storedType(value);
            @SuppressWarnings("unchecked") // SecurityValueFormat sets it
            Set<Class<?>> seen = (Set<Class<?>>) context.getAttribute(SEEN);
            if (seen != null) {
                seen.add(type);
            }
            return type.getName();
        }

        @Override
        public String idFromValueAndType(DatabindContext context, @Nullable Object value, Class<?> type) {
            return value == null ? type.getName() : idFromValue(context, value);
        }
    }

    /** Thrown when a value contains an object of a type that is not allowed. */
    static final class UnknownTypeException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final transient Class<?> type;

        UnknownTypeException(Class<?> type) {
            super("not an allowed type: " + type.getName());
            this.type = type;
        }

        Class<?> type() {
            return type;
        }
    }
}
