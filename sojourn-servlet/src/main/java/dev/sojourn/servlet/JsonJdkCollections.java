package dev.sojourn.servlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The JDK's internal collection classes, such as that of {@code List.of()}, with a stable name and a factory for each. Applications rely
 * on their behaviour, such as being unmodifiable or of fixed size, so each is read back as the same class.
 */
@SuppressWarnings("JdkObsolete") // old types are what applications hold
final class JsonJdkCollections {
    /** Factories that create an unmodifiable or fixed-size collection from its elements, in order. */
    static final Map<Class<?>, Function<List<Object>, Collection<Object>>> COLLECTIONS = new LinkedHashMap<>();

    /** Factories that create an unmodifiable map from its entries, in order. */
    static final Map<Class<?>, Function<Map<Object, Object>, Map<Object, Object>>> MAPS = new LinkedHashMap<>();

    /** The names that are stored, by class; several classes may share one. */
    static final Map<Class<?>, String> NAMES = new LinkedHashMap<>();

    private JsonJdkCollections() {}

    static {
        list("List.of", List.of(), JsonJdkCollections::immutable);
        list("List.of", List.of(1), JsonJdkCollections::immutable);
        list("List.of", Stream.of(1, 2, 3).toList(), JsonJdkCollections::immutable);
        list("Arrays.asList", Arrays.asList(1, 2), all -> Arrays.asList(all.toArray()));
        list("emptyList", Collections.emptyList(), all -> Collections.emptyList());
        list("singletonList", Collections.singletonList(1), all -> Collections.singletonList(all.get(0)));
        list(
                "nCopies",
                Collections.nCopies(2, 1),
                all -> Collections.nCopies(all.size(), all.isEmpty() ? "" : all.get(0)));
        list("unmodifiableList", Collections.unmodifiableList(new ArrayList<>()), Collections::unmodifiableList);
        list(
                "unmodifiableLinkedList",
                Collections.unmodifiableList(new LinkedList<>()),
                all -> Collections.unmodifiableList(new LinkedList<>(all)));
        list("synchronizedList", Collections.synchronizedList(new ArrayList<>()), Collections::synchronizedList);
        list(
                "synchronizedLinkedList",
                Collections.synchronizedList(new LinkedList<>()),
                all -> Collections.synchronizedList(new LinkedList<>(all)));
        list(
                "unmodifiableCollection",
                Collections.unmodifiableCollection(new ArrayList<>()),
                Collections::unmodifiableCollection);
        list("Set.of", Set.of(), all -> Set.of(all.toArray()));
        list("Set.of", Set.of(1), all -> Set.of(all.toArray()));
        list("Set.of", Set.of(1, 2, 3), all -> Set.of(all.toArray()));
        list("emptySet", Collections.emptySet(), all -> Collections.emptySet());
        list("singleton", Collections.singleton(1), all -> Collections.singleton(all.get(0)));
        list(
                "unmodifiableSet",
                Collections.unmodifiableSet(new LinkedHashSet<>()),
                all -> Collections.unmodifiableSet(new LinkedHashSet<>(all)));
        map("Map.of", Map.of(), Map::copyOf);
        map("Map.of", Map.of(1, 1), Map::copyOf);
        map("Map.of", Map.of(1, 1, 2, 2), Map::copyOf);
        map("emptyMap", Collections.emptyMap(), all -> Collections.emptyMap());
        map("singletonMap", Collections.singletonMap(1, 1), all -> {
            Map.Entry<Object, Object> only = all.entrySet().iterator().next();
            return Collections.singletonMap(only.getKey(), only.getValue());
        });
        map("unmodifiableMap", Collections.unmodifiableMap(new LinkedHashMap<>()), Collections::unmodifiableMap);
    }

    /** A list of {@code Stream.toList()} may contain null. */
    private static List<Object> immutable(List<Object> all) {
        return all.contains(null) ? all.stream().toList() : List.copyOf(all);
    }

    private static void list(String name, Collection<?> example, Function<List<Object>, Collection<Object>> factory) {
        NAMES.putIfAbsent(example.getClass(), name);
        COLLECTIONS.putIfAbsent(example.getClass(), factory);
    }

    private static void map(
            String name, Map<?, ?> example, Function<Map<Object, Object>, Map<Object, Object>> factory) {
        NAMES.putIfAbsent(example.getClass(), name);
        MAPS.putIfAbsent(example.getClass(), factory);
    }
}
