package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.sojourn.tools.values.ValueComparison;
import java.io.Serializable;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.Stack;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks which values are read back unchanged and which are rejected. The formats have no I/O, so the tests call them directly.
 */
@SuppressWarnings({
    "JdkObsolete",
    "JavaUtilDate",
    "serial",
    "IdentityHashMapUsage",
    "NullableOptional",
    "UnnecessaryStringBuilder",
    "UnusedVariable",
    "unchecked"
}) // values that applications store, including old and unusual types
class AttributeValuesTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private record Point(int x, int y) implements Serializable {}

    private enum Label {
        FIRST("Same"),
        SECOND("Same"),
        THIRD("FIRST"),
        NONE(null);

        private final @Nullable String shown;

        Label(@Nullable String shown) {
            this.shown = shown;
        }

        @Override
        public @Nullable String toString() {
            return shown;
        }
    }

    private enum Few {}

    /** A comparator of the application. */
    private enum ByLength implements Comparator<String> {
        SHORT_FIRST;

        @Override
        public int compare(String one, String other) {
            return Integer.compare(one.length(), other.length());
        }
    }

    private static class Base implements Serializable {
        private static final long serialVersionUID = 1L;

        private String name = "base";
    }

    private static final class Hiding extends Base {
        private static final long serialVersionUID = 1L;

        private String name = "hiding";

        @Override
        public String toString() {
            return name;
        }
    }

    private static final class Titled extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        private String title = "";
    }

    private static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;
    }

    /** A type whose field types do not determine the types of the values. */
    private static final class Anything implements Serializable {
        private static final long serialVersionUID = 1L;

        private @Nullable Object object;
        private @Nullable Serializable serializable;
        private @Nullable Comparable<?> comparable;
        private @Nullable CharSequence text;
        private @Nullable Number number;
        private @Nullable Iterable<?> all;
        private Map<?, ?> map = new HashMap<>();
        private final List<Object> list = new ArrayList<>();

        static Anything of(Object value) {
            Anything made = new Anything();
            made.object = value;
            made.list.add(value);
            if (value instanceof Serializable serializable) {
                made.serializable = serializable;
            }
            if (value instanceof Comparable<?> comparable) {
                made.comparable = comparable;
            }
            if (value instanceof CharSequence text) {
                made.text = text;
            }
            if (value instanceof Number number) {
                made.number = number;
            }
            if (value instanceof Iterable<?> all) {
                made.all = all;
            }
            if (value instanceof Map<?, ?> map) {
                made.map = map;
            }
            return made;
        }
    }

    private static final Class<?>[] TYPES = {
        Point.class,
        Label.class,
        Few.class,
        ByLength.class,
        Hiding.class,
        Titled.class,
        Names.class,
        Anything.class,
        DeclaredMaps.class,
        OptionalValues.class
    };

    private static List<AttributeFormat> formats() {
        return List.of(
                AttributeFormat.json(TYPES),
                AttributeFormat.filteredJavaSerialization(AttributeValuesTest.class.getName() + "$*"));
    }

    private static void assertReadBack(Object... values) {
        for (AttributeFormat format : formats()) {
            for (Object value : values) {
                for (Object each : List.of(value, new ArrayList<>(List.of(value)), Anything.of(value))) {
                    JsonNode stored = format.write("x", each);
                    Object again = format.read(JSON.readTree(JSON.writeValueAsBytes(stored)));
                    assertThat(ValueComparison.difference(each, again))
                            .as("%s from %s", each.getClass(), stored)
                            .isEmpty();
                    assertThat(classes(again)).as("%s", stored).isEqualTo(classes(each));
                }
            }
        }
    }

    /** Returns the class of a value, and for a list also the class of its element. */
    private static Object classes(Object value) {
        return value instanceof ArrayList<?> list && list.size() == 1
                ? List.of(ArrayList.class, list.get(0).getClass())
                : value.getClass();
    }

    private static void assertRejected(Object... values) {
        AttributeFormat format = formats().get(0);
        for (Object value : values) {
            for (Object each : List.of(value, new ArrayList<>(List.of(value)), Anything.of(value))) {
                assertThatThrownBy(() -> format.write("cart", each))
                        .as("%s", value.getClass())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(
                                "attribute 'cart' of type " + each.getClass().getName());
            }
        }
    }

    // ---- maps

    @Test
    void maps_keep_keys_of_any_type() {
        Map<Object, Object> mixed = new LinkedHashMap<>();
        for (Object key : List.of(
                7,
                7L,
                (short) 7,
                'c',
                1.5,
                true,
                "7",
                new UUID(1, 2),
                LocalDate.EPOCH,
                DayOfWeek.MONDAY,
                Label.SECOND,
                new Point(1, 2),
                List.of(1, 2L))) {
            mixed.put(key, "of " + key.getClass());
            assertReadBack(new HashMap<>(Map.of(key, 1L)), new TreeMap<>(Map.of("a", key)));
        }
        mixed.put(null, null);
        assertReadBack(mixed, new HashMap<>(mixed));
    }

    /** A type with declared maps with keys of every kind. */
    private static final class DeclaredMaps implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Map<Integer, Integer> numbers = new HashMap<>();
        private final Map<Label, Long> labels = new TreeMap<>();
        private final Map<Point, List<Long>> points = new LinkedHashMap<>();
        private final EnumMap<Label, Integer> byLabel = new EnumMap<>(Label.class);
        private final Map<String, Long> names = new HashMap<>();
    }

    /** A record that Java serialization does not support. */
    private record OptionalValues(
            Optional<Long> number,
            Optional<List<Long>> numbers,
            @Nullable Optional<String> none) {}

    @Test
    void present_empty_and_null_optional_components_are_read_back() {
        AttributeFormat format = formats().get(0);
        for (OptionalValues each : List.of(
                new OptionalValues(Optional.of(4L), Optional.of(List.of(1L)), Optional.of("a")),
                new OptionalValues(Optional.empty(), Optional.empty(), null))) {
            assertThat(format.read(format.write("x", each))).isEqualTo(each);
        }
        OptionalValues earlier = (OptionalValues) format.read(JSON.readTree(
                "[\"AttributeValuesTest$OptionalValues\",{\"number\":5,\"numbers\":[\"ArrayList\",[6]]}]"));
        assertThat(earlier.number()).isEqualTo(Optional.of(5L));
        assertThat(earlier.none()).isEqualTo(Optional.empty());
    }

    @Test
    void declared_maps_keep_their_key_types() {
        DeclaredMaps counts = new DeclaredMaps();
        assertReadBack(counts);
        counts.numbers.put(7, 1);
        counts.labels.put(Label.THIRD, 1L);
        counts.points.put(new Point(1, 2), new ArrayList<>(List.of(3L)));
        counts.byLabel.put(Label.SECOND, 2);
        counts.names.put("a", 1L);
        assertReadBack(counts);
    }

    // ---- collections

    @Test
    void collections_keep_their_class_and_order() {
        List<String> texts = List.of("b", "C", "a");
        Stack<String> stack = new Stack<>();
        stack.addAll(texts);
        assertReadBack(
                new ArrayList<>(texts),
                new LinkedList<>(texts),
                new Vector<>(texts),
                stack,
                new CopyOnWriteArrayList<>(texts),
                new LinkedHashSet<>(texts),
                new HashSet<>(texts),
                new TreeSet<>(texts),
                new ConcurrentSkipListSet<>(texts),
                new PriorityQueue<>(texts),
                new ConcurrentHashMap<>(Map.of(1, 2L)),
                new Hashtable<>(Map.of(1, 2L)),
                new ConcurrentSkipListMap<>(Map.of(1, 2L)),
                new Names());
        for (AttributeFormat format : formats()) {
            ConcurrentLinkedQueue<?> again =
                    (ConcurrentLinkedQueue<?>) format.read(format.write("x", new ConcurrentLinkedQueue<>(texts)));
            assertThat(again.toArray()).isEqualTo(texts.toArray());
        }
    }

    @Test
    void comparators_are_read_back() {
        List<Comparator<? super String>> orders = List.of(
                String.CASE_INSENSITIVE_ORDER,
                Collections.reverseOrder(),
                Comparator.naturalOrder(),
                Collections.reverseOrder(String.CASE_INSENSITIVE_ORDER),
                ByLength.SHORT_FIRST);
        for (Comparator<? super String> order : orders) {
            TreeSet<String> set = new TreeSet<>(order);
            TreeMap<String, Object> map = new TreeMap<>(order);
            ConcurrentSkipListMap<String, Object> skipping = new ConcurrentSkipListMap<>(order);
            PriorityQueue<String> queue = new PriorityQueue<>(order);
            assertReadBack(set, map, skipping, queue);
            for (String each : List.of("b", "CC", "aaa")) {
                set.add(each);
                map.put(each, 1L);
                skipping.put(each, 1L);
                queue.add(each);
            }
            assertReadBack(set, map, skipping, queue);
        }
        assertRejected(new TreeSet<>(Comparator.comparing(String::length)));
    }

    @Test
    void empty_and_full_enum_sets_and_enum_maps_are_read_back() {
        assertReadBack(
                EnumSet.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                EnumSet.noneOf(Label.class),
                EnumSet.allOf(Label.class),
                new EnumMap<>(Label.class),
                new EnumMap<>(Map.of(Label.FIRST, 1L)),
                new EnumMap<>(Map.of(DayOfWeek.MONDAY, 1L)));
    }

    @Test
    void unmodifiable_collections_stay_unmodifiable() {
        List<Object> values = List.of(
                List.of(),
                List.of(1L),
                List.of(1, "a", 2L),
                Set.of(1L),
                Set.of(1, 2, 3),
                Map.of(1, 2L),
                Map.of("a", 1, "b", 2),
                Collections.emptyList(),
                Collections.emptyMap(),
                Collections.singletonList(1L),
                Collections.singleton("a"),
                Collections.singletonMap("a", 1L),
                Collections.nCopies(3, "a"),
                Collections.unmodifiableList(new ArrayList<>(List.of(1L))),
                Collections.unmodifiableSet(new LinkedHashSet<>(List.of("b", "a"))),
                Collections.unmodifiableMap(new LinkedHashMap<>(Map.of("b", 1L))),
                java.util.stream.Stream.of("a", null, 1L).toList());
        assertReadBack(values.toArray());
        assertReadBack(Arrays.asList("a", 1L), Collections.synchronizedList(new ArrayList<>(List.of(1L))));
        AttributeFormat format = formats().get(0);
        for (Object value : values) {
            Object again = format.read(format.write("x", value));
            assertThatThrownBy(() -> {
                        if (again instanceof Map<?, ?> map) {
                            ((Map<Object, Object>) map).put("x", 1);
                        } else {
                            ((java.util.Collection<Object>) again).add("x");
                        }
                    })
                    .as("%s", value.getClass())
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void properties_are_read_back_unless_they_have_defaults() {
        Properties plain = new Properties();
        assertReadBack(plain);
        plain.setProperty("a", "b");
        assertReadBack(plain);
        Properties mixed = new Properties();
        mixed.put("a", 1L);
        mixed.put(7, "b");
        assertReadBack(mixed);
        assertRejected(new Properties(plain));
    }

    // ---- single values

    @Test
    void times_keep_their_offsets_zones_and_nanoseconds() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        LocalDateTime twice = LocalDateTime.of(2026, 10, 25, 2, 30);
        GregorianCalendar newYork = new GregorianCalendar(TimeZone.getTimeZone("America/New_York"));
        newYork.setTimeInMillis(1_795_000_000_123L);
        assertReadBack(
                OffsetDateTime.parse("2026-01-01T02:00+05:00"),
                twice.atZone(berlin).withLaterOffsetAtOverlap(),
                twice.atZone(berlin).withEarlierOffsetAtOverlap(),
                ZonedDateTime.parse("2026-01-01T00:00+01:00[Europe/Berlin]"),
                newYork,
                TimeZone.getTimeZone("Europe/Berlin"),
                java.sql.Timestamp.valueOf("2026-01-02 03:04:05.123456789"),
                java.sql.Date.valueOf("2026-01-02"),
                Instant.MAX);
    }

    @Test
    void enum_constants_are_stored_by_name_whatever_their_label() {
        assertReadBack((Object[]) Label.values());
        AttributeFormat format = AttributeFormat.json(Label.class);
        assertThat(format.write("x", Label.THIRD))
                .isEqualTo(JSON.readTree("[\"AttributeValuesTest$Label\",\"THIRD\"]"));
        assertThat(format.read(JSON.readTree("[\"AttributeValuesTest$Label\",\"FIRST\"]")))
                .isEqualTo(Label.FIRST);
        assertThatThrownBy(() -> format.read(JSON.readTree("[\"AttributeValuesTest$Label\",\"Same\"]")))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void atomic_values_keep_their_content() {
        assertReadBack(
                new AtomicInteger(7),
                new AtomicLong(1L << 60),
                new AtomicBoolean(true),
                new AtomicReference<>(),
                new AtomicReference<>(7L),
                BitSet.valueOf(new long[] {5, 9}));
        AttributeFormat format = formats().get(0);
        for (Object value : List.of(
                Optional.empty(),
                Optional.of(7L),
                Optional.of(Optional.of("a")),
                OptionalInt.of(7),
                new AbstractMap.SimpleEntry<>(1, 2L))) {
            assertThat(format.read(format.write("x", value))).isEqualTo(value);
        }
    }

    @Test
    void values_of_one_class_with_different_content_are_all_read_back() {
        AttributeFormat format = AttributeFormat.json(TYPES);
        for (Object value :
                List.of("text", 1, 1L, 1.5, true, List.of(1L), Map.of(1, 2), LocalDate.EPOCH, Label.FIRST)) {
            Anything made = Anything.of(value);
            assertThat(ValueComparison.difference(made, format.read(format.write("x", made))))
                    .isEmpty();
        }
    }

    // ---- rejected values

    @Test
    void lossy_values_are_rejected_even_inside_other_values() {
        Map<String, Object> counts = new HashMap<>(Map.of("a", 1));
        Titled titled = new Titled();
        titled.title = "title";
        assertRejected(
                new IdentityHashMap<>(counts),
                new WeakHashMap<>(counts),
                Collections.synchronizedMap(new TreeMap<>(counts)),
                counts.keySet(),
                counts.values(),
                counts.entrySet(),
                new ArrayList<>(List.of(1, 2, 3)).subList(1, 2),
                new Hiding(),
                titled,
                EnumSet.noneOf(java.nio.file.StandardOpenOption.class),
                new StringBuilder("x"));
    }

    private interface Task extends Runnable {}

    /** A class without fields. */
    private static final class Stateless {}

    private static Object dynamicProxy() {
        return java.lang.reflect.Proxy.newProxyInstance(
                Task.class.getClassLoader(), new Class<?>[] {Task.class}, (proxy, method, arguments) -> null);
    }

    @Test
    void live_objects_and_code_are_rejected_even_inside_other_values() {
        Runnable lambda = () -> {};
        Comparator<String> reference = String::compareTo;
        assertRejected(
                new Object(),
                new Object() {},
                lambda,
                reference,
                dynamicProxy(),
                Object.class,
                int.class,
                Thread.currentThread(),
                new ThreadLocal<>(),
                new java.util.concurrent.locks.ReentrantLock(),
                Thread.currentThread().getContextClassLoader(),
                new Object[] {new Object()},
                new HashMap<>(Map.of("a", new Object())),
                new HashMap<>(Map.of(new Object(), "a")),
                Optional.of(new Object()),
                new AtomicReference<>(new Object()),
                new AbstractMap.SimpleEntry<>("a", lambda));
    }

    @Test
    void generated_classes_are_rejected_with_advice() {
        AttributeFormat format = AttributeFormat.json();
        Runnable lambda = () -> {};
        String named = "declare a record, an enum or a named class";
        for (Map.Entry<Object, String> each : List.of(
                Map.<Object, String>entry(lambda, "store the data that it uses"),
                Map.<Object, String>entry(dynamicProxy(), "store the object behind it"),
                Map.<Object, String>entry(new Object() {}, named),
                Map.<Object, String>entry(new ArrayList<>(List.of("a")) {}, named))) {
            Object value = each.getKey();
            String what = each.getValue();
            assertThatThrownBy(() -> format.write("cart", value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("attribute 'cart'", "cannot be registered", what)
                    .hasMessageNotContaining("AttributeFormat.json(");
            assertThatThrownBy(() -> AttributeFormat.json(value.getClass()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(value.getClass().getName(), what);
        }
    }

    @Test
    void a_registered_class_without_state_keeps_its_class() {
        AttributeFormat format = AttributeFormat.json(Stateless.class);
        assertThat(format.read(format.write("x", new Stateless()))).isInstanceOf(Stateless.class);
    }

    @Test
    void the_message_of_a_rejection_contains_the_reason_and_the_remedy() {
        AttributeFormat format = formats().get(0);
        assertThatThrownBy(() -> format.write("cart", new Hiding()))
                .hasMessageContaining("field 'name'")
                .hasMessageContaining("hides");
        assertThatThrownBy(() -> format.write("cart", new Titled())).hasMessageContaining("field 'title'");
        assertThatThrownBy(() -> format.write("cart", new HashMap<>(Map.of(1, 1)).keySet()))
                .hasMessageContaining("copy it");
        assertThatThrownBy(() -> AttributeFormat.json(IdentityHashMap.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("IdentityHashMap");
    }

    /** A class that counts its instances. */
    private static final class CountedInstances {
        private static final AtomicInteger TIMES = new AtomicInteger();

        private String name = "";

        private CountedInstances() {
            TIMES.incrementAndGet();
        }
    }

    /** A record that takes a price in units and stores it in cents, so that each reading would multiply it. */
    private record Price(int cents) {
        Price {
            cents *= 100;
        }
    }

    @Test
    void a_class_whose_constructor_changes_its_arguments_is_rejected() {
        AttributeFormat format = AttributeFormat.json(Price.class);

        assertThatThrownBy(() -> format.write("price", new Price(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its constructor changes its arguments");
    }

    /** A class that is written as a text and trims white space when it is read. */
    private static final class Tag {
        private final String text;

        private Tag(String text) {
            this.text = text;
        }

        @JsonValue
        String text() {
            return text;
        }

        @JsonCreator
        static Tag of(String text) {
            return new Tag(text.strip());
        }
    }

    @Test
    void a_class_that_is_written_as_a_text_is_checked_with_every_value() {
        AttributeFormat format = AttributeFormat.json(Tag.class);
        JsonNode stored = format.write("tag", new Tag("new"));
        assertThat(((Tag) format.read(stored)).text()).isEqualTo("new");

        assertThatThrownBy(() -> format.write("tag", new Tag(" new ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its constructor changes its arguments");
    }

    /** Only the first value of a class is read back to check it. */
    @Test
    void setting_a_value_of_a_known_class_reads_nothing_back() {
        AttributeFormat format = AttributeFormat.json(CountedInstances.class);
        CountedInstances made = new CountedInstances();
        CountedInstances.TIMES.set(0);
        format.write("x", made);
        assertThat(CountedInstances.TIMES).hasValue(1);
        made.name = "another";
        format.write("x", made);
        format.write("y", new ArrayList<>(List.of(made, made)));
        assertThat(CountedInstances.TIMES).hasValue(1);
    }

    // ---- earlier versions

    @Test
    void values_that_earlier_versions_wrote_are_read() {
        AttributeFormat format = AttributeFormat.json(TYPES);
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("[\"LinkedHashMap\",{\"a\":[\"Long\",1]}]", new LinkedHashMap<>(Map.of("a", 1L)));
        written.put("[\"ArrayList\",[1,[\"Long\",2]]]", new ArrayList<>(List.of(1, 2L)));
        written.put("[\"TreeMap\",{\"a\":1}]", new TreeMap<>(Map.of("a", 1)));
        written.put("[\"OffsetDateTime\",\"2025-12-31T21:00:00Z\"]", OffsetDateTime.parse("2025-12-31T21:00Z"));
        written.put("[\"Date\",\"1970-01-01T00:00:01.000+00:00\"]", new java.util.Date(1_000));
        written.put("[\"BigDecimal\",\"1.50\"]", new java.math.BigDecimal("1.50"));
        written.put("[\"Locale\",\"de_DE\"]", java.util.Locale.GERMANY);
        written.put("[\"TimeZone\",\"Europe/Berlin\"]", TimeZone.getTimeZone("Europe/Berlin"));
        written.put("[\"Year\",2026]", java.time.Year.of(2026));
        written.put("[\"byte[]\",\"AQI=\"]", new byte[] {1, 2});
        written.put("[\"AttributeValuesTest$Point\",{\"x\":1,\"y\":2}]", new Point(1, 2));
        written.forEach((json, value) ->
                assertThat(format.read(JSON.readTree(json))).as(json).isEqualTo(value));
        DeclaredMaps counts = (DeclaredMaps) format.read(
                JSON.readTree("[\"AttributeValuesTest$DeclaredMaps\",{\"numbers\":[\"HashMap\",{\"7\":1}]}]"));
        assertThat(counts.numbers).isEqualTo(Map.of(7, 1));
    }
}
