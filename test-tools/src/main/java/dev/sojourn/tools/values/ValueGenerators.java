package dev.sojourn.tools.values;

import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Generators for all types that a session may contain, nested in each other at random. The same seed gives the same types. */
public final class ValueGenerators {
    private final List<ValueGenerator> plain = new ArrayList<>();

    /** Creates generators for all types. */
    public ValueGenerators() {
        for (Class<?> type : PlatformClasses.all()) {
            List<Object> values = PlatformValues.of(type);
            if (!values.isEmpty() && type.getTypeParameters().length == 0) {
                plain.add(oneOf(type, values));
            }
        }
        for (Sample sample : ApplicationValues.all()) {
            plain.add(oneOf(sample.type(), List.of(sample.value())));
        }
    }

    private record FunctionGenerator(Type type, Function<Random, Object> maker) implements ValueGenerator {
        @Override
        public Object next(Random random) {
            return maker.apply(random);
        }
    }

    private static ValueGenerator oneOf(Type type, List<Object> values) {
        return new FunctionGenerator(type, random -> values.get(random.nextInt(values.size())));
    }

    /**
     * Returns every value of every plain type once, with its type: those of {@link PlatformValues}, then those of
     * {@link ApplicationValues}.
     *
     * @return the samples
     */
    public static List<Sample> each() {
        List<Sample> all = new ArrayList<>();
        for (Class<?> type : PlatformClasses.all()) {
            for (Object value : PlatformValues.of(type)) {
                all.add(new Sample(value, type));
            }
        }
        all.addAll(ApplicationValues.all());
        return all;
    }

    /**
     * Returns a generator for a random type, plain or nested.
     *
     * @param random the source of all choices
     * @param depth the maximum number of levels
     * @return the generator
     */
    public ValueGenerator next(Random random, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return plain.get(random.nextInt(plain.size()));
        }
        ValueGenerator inner = next(random, depth - 1);
        ValueGenerator key = plain.get(random.nextInt(plain.size()));
        return switch (random.nextInt(11)) {
            case 0 -> collection(List.class, ArrayList::new, inner);
            case 1 -> collection(Set.class, LinkedHashSet::new, inner);
            case 2 -> collection(Collection.class, ArrayList::new, inner);
            case 3 -> map(Map.class, LinkedHashMap::new, key, inner);
            case 4 -> map(HashMap.class, HashMap::new, key, inner);
            case 5 -> map(Map.class, HashMap::new, oneOf(String.class, List.of("a", "b", "7", "c")), inner);
            case 6 ->
                new FunctionGenerator(
                        GenericType.of(ApplicationTypes.Pair.class, inner.type(), key.type()),
                        r -> new ApplicationTypes.Pair<>(inner.next(r), key.next(r)));
            case 7 ->
                new FunctionGenerator(
                        GenericType.of(ApplicationTypes.Holder.class, inner.type()),
                        r -> ApplicationTypes.Holder.of(inner.next(r)));
            case 8 ->
                new FunctionGenerator(GenericType.of(Optional.class, inner.type()), r -> Optional.of(inner.next(r)));
            case 9 ->
                new FunctionGenerator(
                        ApplicationTypes.Anything.class, r -> new ApplicationTypes.Anything(inner.next(r)));
            default -> array(inner);
        };
    }

    private static ValueGenerator collection(
            Class<?> declared, Supplier<Collection<Object>> constructor, ValueGenerator inner) {
        return new FunctionGenerator(GenericType.of(declared, inner.type()), random -> {
            Collection<Object> all = constructor.get();
            for (int i = random.nextInt(4); i > 0; i--) {
                all.add(random.nextInt(8) == 0 ? null : inner.next(random));
            }
            return all;
        });
    }

    private static ValueGenerator map(
            Class<?> declared, Supplier<Map<Object, Object>> constructor, ValueGenerator key, ValueGenerator inner) {
        return new FunctionGenerator(GenericType.of(declared, key.type(), inner.type()), random -> {
            Map<Object, Object> all = constructor.get();
            for (int i = random.nextInt(4); i > 0; i--) {
                all.put(key.next(random), inner.next(random));
            }
            return all;
        });
    }

    private static ValueGenerator array(ValueGenerator inner) {
        Class<?> raw = inner.type() instanceof Class<?> plain ? plain : null;
        if (raw == null || raw == Void.class || !Modifier.isPublic(raw.getModifiers())) {
            return inner;
        }
        return new FunctionGenerator(raw.arrayType(), random -> {
            Object array = Array.newInstance(raw, random.nextInt(3));
            for (int i = 0; i < Array.getLength(array); i++) {
                Array.set(array, i, inner.next(random));
            }
            return array;
        });
    }
}
