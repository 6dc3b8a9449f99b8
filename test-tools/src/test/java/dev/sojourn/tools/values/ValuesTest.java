package dev.sojourn.tools.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValuesTest {
    @Test
    void the_classes_of_every_package_are_found() {
        List<Class<?>> all = PlatformClasses.all();

        assertThat(all)
                .contains(
                        String.class,
                        java.math.BigDecimal.class,
                        java.time.OffsetTime.class,
                        java.util.BitSet.class,
                        java.util.AbstractMap.SimpleEntry.class,
                        java.util.concurrent.atomic.LongAdder.class,
                        java.sql.Timestamp.class)
                .hasSizeGreaterThan(400);
    }

    @Test
    void most_classes_have_values() {
        long count = PlatformClasses.all().stream()
                .filter(type -> !PlatformValues.of(type).isEmpty())
                .count();

        assertThat(count).isGreaterThan(250);
        assertThat(PlatformClasses.all())
                .allSatisfy(type -> assertThat(PlatformValues.of(type)).allMatch(type::isInstance));
    }

    @Test
    void one_seed_gives_the_same_types_again() {
        ValueGenerators generators = new ValueGenerators();

        List<String> once = types(generators, new Random(17));

        assertThat(once).isEqualTo(types(generators, new Random(17))).isNotEqualTo(types(generators, new Random(18)));
        assertThat(once).anyMatch(type -> type.startsWith("java.util.Map<"));
    }

    private static List<String> types(ValueGenerators generators, Random random) {
        return Stream.generate(
                        () -> generators.next(random, 3).sample(random).type().getTypeName())
                .limit(200)
                .toList();
    }

    static Stream<Arguments> same() {
        return Stream.of(
                Arguments.of(List.of(1), new ArrayList<>(List.of(1))),
                Arguments.of(Arrays.asList(1, null), new ArrayList<>(Arrays.asList(1, null))),
                Arguments.of(new HashSet<>(List.of("b", "a")), new LinkedHashSet<>(List.of("a", "b"))),
                Arguments.of(Map.of(1, "a"), new LinkedHashMap<>(Map.of(1, "a"))),
                Arguments.of(Optional.of(List.of(1)), Optional.of(new ArrayList<>(List.of(1)))),
                Arguments.of(ApplicationTypes.Entity.of(1, "a"), ApplicationTypes.Entity.of(1, "a")),
                Arguments.of(new int[][] {{1}}, new int[][] {{1}}),
                Arguments.of(Pattern.compile("a"), Pattern.compile("a")));
    }

    @ParameterizedTest
    @MethodSource
    void same(Object one, Object other) {
        assertThat(ValueComparison.difference(one, other)).isEmpty();
    }

    @SuppressWarnings("JdkObsolete") // a list of another class
    static Stream<Arguments> different() {
        TreeMap<String, Integer> reversed = new TreeMap<>(Comparator.reverseOrder());
        return Stream.of(
                Arguments.of(1L, 1),
                Arguments.of(0.0, -0.0),
                Arguments.of(List.of(1L), new ArrayList<>(List.of(1))),
                Arguments.of(new LinkedList<>(List.of(1)), new ArrayList<>(List.of(1))),
                Arguments.of(new LinkedHashSet<>(List.of("b", "a")), new LinkedHashSet<>(List.of("a", "b"))),
                Arguments.of(new TreeMap<>(Map.of("a", 1)), new LinkedHashMap<>(Map.of("a", 1))),
                Arguments.of(reversed, new TreeMap<>()),
                Arguments.of(new HashMap<>(Map.of(7, 1)), new HashMap<>(Map.of("7", 1))),
                Arguments.of(ApplicationTypes.Entity.of(1, "a"), ApplicationTypes.Entity.of(1, "b")),
                Arguments.of(new ApplicationTypes.Cart().add("tea"), new ApplicationTypes.Cart()),
                Arguments.of(new ApplicationTypes.Hiding(), hiding()),
                Arguments.of(ApplicationTypes.Size.SMALL, ApplicationTypes.Size.LARGE),
                Arguments.of(
                        Set.of(ApplicationTypes.Color.RED), new LinkedHashSet<>(Set.of(ApplicationTypes.Color.GREEN))),
                Arguments.of(Pattern.compile("a"), Pattern.compile("a", Pattern.CASE_INSENSITIVE)),
                Arguments.of(new Object(), new Object()),
                Arguments.of(new Random(1), new Random(1)));
    }

    private static ApplicationTypes.Hiding hiding() {
        ApplicationTypes.Hiding hiding = new ApplicationTypes.Hiding();
        hiding.setName("seen");
        return hiding;
    }

    @ParameterizedTest
    @MethodSource
    void different(Object one, Object other) {
        assertThat(ValueComparison.difference(one, other)).isPresent();
    }
}
