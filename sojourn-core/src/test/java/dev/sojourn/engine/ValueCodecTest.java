package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.JsonMembers.Slice;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

class ValueCodecTest {
    private final ValueCodec values = new ValueCodec(JsonMapper.shared());

    enum Color {
        RED,
        GREEN
    }

    record Person(String name, int age, @Nullable Color color, List<String> tags) {}

    record Broken(String name) {
        @Override
        public String name() {
            throw new IllegalStateException("tOpSeCrEt");
        }
    }

    record Counters(long hits, Map<String, Integer> byName) {}

    static Stream<Arguments> coerced() {
        return Stream.of(
                coerced("1.9", Integer.class),
                coerced("1.9", int.class),
                coerced("1.0", Integer.class),
                coerced("1.9", Long.class),
                coerced("1.9", Short.class),
                coerced("1.9", BigInteger.class),
                coerced("1e2", Integer.class),
                coerced("2147483648", Integer.class),
                coerced("9223372036854775808", Long.class),
                coerced("32768", Short.class),
                coerced("256", Byte.class),
                coerced("\"17\"", Integer.class),
                coerced("\"17\"", Long.class),
                coerced("\"1.5\"", Double.class),
                coerced("\"1.5\"", BigDecimal.class),
                coerced("\"17\"", BigInteger.class),
                coerced("\"true\"", Boolean.class),
                coerced("1", Boolean.class),
                coerced("0", boolean.class),
                coerced("true", Integer.class),
                coerced("true", Long.class),
                coerced("true", Double.class),
                coerced("17", String.class),
                coerced("1.5", String.class),
                coerced("true", String.class),
                coerced("{}", String.class),
                coerced("[\"a\"]", String.class),
                coerced("[17]", Integer.class),
                coerced("null", int.class),
                coerced("null", boolean.class),
                coerced("\"\"", Integer.class),
                coerced("\"\"", int.class),
                coerced("\"\"", Double.class),
                coerced("\"\"", Boolean.class),
                coerced("\"\"", BigDecimal.class),
                coerced("\"\"", Color.class),
                coerced("\"\"", Instant.class),
                coerced("\"\"", LocalDate.class),
                coerced("\"\"", Duration.class),
                coerced("\"\"", UUID.class),
                coerced("\"\"", Person.class),
                coerced("\"\"", List.class),
                coerced("\"\"", Map.class),
                coerced("\" \"", Integer.class),
                coerced("\"red\"", Color.class),
                coerced("\"0\"", Color.class),
                coerced("0", Color.class),
                coerced("1.0", Color.class),
                coerced("65", Character.class),
                coerced("\"ab\"", Character.class),
                coerced("\"a\"", List.class),
                coerced("[]", Person.class),
                coerced("[]", Map.class),
                coerced("{}", List.class),
                coerced("\"no-uuid\"", UUID.class),
                coerced("\"2026-02-30\"", LocalDate.class),
                coerced("\"!\"", byte[].class),
                coerced("{\"name\":17,\"age\":1,\"tags\":[]}", Person.class),
                coerced("{\"name\":\"a\",\"age\":\"1\",\"tags\":[]}", Person.class),
                coerced("{\"name\":\"a\",\"age\":1.5,\"tags\":[]}", Person.class),
                coerced("{\"name\":\"a\",\"age\":null,\"tags\":[]}", Person.class),
                coerced("{\"name\":\"a\",\"age\":1,\"tags\":[2]}", Person.class),
                coerced("{\"hits\":1,\"byName\":{\"a\":\"1\"}}", Counters.class),
                coerced("1e95464236327", BigDecimal.class),
                coerced("1e95464236327", BigInteger.class),
                coerced("17 18", Integer.class),
                coerced("{", Map.class),
                coerced("", String.class));
    }

    private static Arguments coerced(String json, Class<?> type) {
        return Arguments.of(json, type);
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("coerced")
    void a_value_that_would_have_to_be_coerced_is_unreadable(String json, Class<?> type) {
        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> values.read(slice(json), values.type(type)))
                .withNoCause();
    }

    static Stream<Arguments> matching() {
        return Stream.of(
                Arguments.of("1", Double.class, 1.0),
                Arguments.of("1", BigDecimal.class, BigDecimal.ONE),
                Arguments.of("1.50", BigDecimal.class, new BigDecimal("1.50")),
                Arguments.of("\"\"", String.class, ""),
                Arguments.of("\"a\"", Character.class, 'a'),
                Arguments.of("-128", Byte.class, Byte.MIN_VALUE),
                Arguments.of("17", Object.class, 17),
                Arguments.of("3000000000", Object.class, 3_000_000_000L),
                Arguments.of("12345678901234567890", Object.class, new BigInteger("12345678901234567890")),
                Arguments.of(" \"a\" ", String.class, "a"));
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("matching")
    void a_value_that_matches_its_type_is_read(String json, Class<?> type, Object expected) {
        Object value = values.read(slice(json), values.type(type));

        assertThat(value).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(classes = {String.class, Integer.class, Person.class, List.class})
    void a_stored_null_is_null(Class<?> type) {
        Object value = values.read(slice("null"), values.type(type));

        assertThat(value).isNull();
    }

    static Stream<Object> roundTrips() {
        return Stream.of(
                "",
                "a\"\\\n\u0000\ud83d\ude00\u2028",
                'x',
                true,
                Byte.MIN_VALUE,
                Short.MAX_VALUE,
                0,
                Integer.MIN_VALUE,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                0.1f,
                Float.NaN,
                Float.NEGATIVE_INFINITY,
                Float.MIN_VALUE,
                -0.0,
                0.1,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                new BigInteger("123456789012345678901234567890"),
                new BigDecimal("1.50"),
                new BigDecimal("12345678901234567890.123456789012345678901234567890"),
                new BigDecimal("1E+400"),
                new BigDecimal("1E-400"),
                Color.GREEN,
                Instant.EPOCH,
                Instant.parse("2026-11-23T20:15:30.123456789Z"),
                Instant.parse("-0001-01-01T00:00:00Z"),
                Instant.MAX,
                Instant.MIN,
                Duration.ZERO,
                Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                Duration.ofNanos(-1),
                Period.of(1, 2, 3),
                LocalDate.of(2024, 2, 29),
                LocalDate.MAX,
                LocalDateTime.of(2026, 1, 2, 3, 4, 5, 6),
                OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 6, ZoneOffset.UTC),
                ZoneId.of("Europe/Berlin"),
                Locale.GERMANY,
                Locale.ROOT,
                URI.create("https://example.com/a?b=c#d"),
                URI.create(""),
                new UUID(0, 0),
                new UUID(-1, Long.MIN_VALUE),
                new byte[0],
                new byte[] {0, -1, 127, -128},
                new int[] {1, 2, 3},
                new String[] {"a", ""},
                new Person("Jane \"J\" D\u00f6e", -1, null, List.of()),
                new Person("", Integer.MAX_VALUE, Color.RED, List.of("a", "")),
                new Counters(Long.MIN_VALUE, Map.of("a", 1, "", 2)));
    }

    @ParameterizedTest
    @MethodSource("roundTrips")
    void a_value_is_read_as_it_was_written(Object value) {
        byte[] json = write(value);

        Object again = values.read(whole(json), values.type(value.getClass()));

        assertThat(again).isEqualTo(value);
        assertThat(values.same(write(value), whole(json))).isTrue();
    }

    @Test
    void generic_types_are_read_with_their_type_arguments() {
        assertThat(roundTrip(Map.of("a", List.of(1L, 2L)), new TypeReference<Map<String, List<Long>>>() {}))
                .isEqualTo(Map.of("a", List.of(1L, 2L)));
        assertThat(roundTrip(Set.of(Color.RED), new TypeReference<Set<Color>>() {}))
                .isEqualTo(Set.of(Color.RED));
        assertThat(roundTrip(Map.of(Color.RED, Instant.EPOCH), new TypeReference<Map<Color, Instant>>() {}))
                .isEqualTo(Map.of(Color.RED, Instant.EPOCH));
        assertThat(roundTrip(Optional.of("a"), new TypeReference<Optional<String>>() {}))
                .isEqualTo(Optional.of("a"));
    }

    enum Size {
        SMALL("Small"),
        MEDIUM("Small"),
        LARGE("Large");

        private final String label;

        Size(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    static Stream<Arguments> earlierFormats() {
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
        calendar.setTimeInMillis(1_795_000_000_123L);
        return Stream.of(
                Arguments.of(
                        "\"2026-01-02T02:04:05.000000006Z\"",
                        ZonedDateTime.class,
                        ZonedDateTime.parse("2026-01-02T02:04:05.000000006Z")),
                Arguments.of(
                        "\"2026-01-02T02:04:05+01:00\"",
                        OffsetDateTime.class,
                        OffsetDateTime.parse("2026-01-02T02:04:05+01:00")),
                Arguments.of("\"2026-11-18T11:06:40.123Z\"", Calendar.class, calendar),
                Arguments.of("\"2026-11-18T11:06:40.123+00:00\"", Calendar.class, calendar),
                Arguments.of("1795000000123", Calendar.class, calendar),
                Arguments.of("\"2026-11-18T11:06:40.123Z\"", Timestamp.class, new Timestamp(1_795_000_000_123L)),
                Arguments.of("1795000000123", Timestamp.class, new Timestamp(1_795_000_000_123L)),
                Arguments.of("\"Large\"", Size.class, Size.LARGE),
                Arguments.of("\"LARGE\"", Size.class, Size.LARGE));
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("earlierFormats")
    void values_that_earlier_versions_wrote_are_read(String json, Class<?> type, Object expected) {
        Object read = values.read(slice(json), values.type(type));
        assertThat(read).isEqualTo(expected);
    }

    @Test
    void a_label_of_two_constants_is_unreadable() {
        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> values.read(slice("\"Small\""), values.type(Size.class)));
        assertThat(roundTrip(Map.of(Size.MEDIUM, 1), new TypeReference<Map<Size, Integer>>() {}))
                .isEqualTo(Map.of(Size.MEDIUM, 1));
        JavaType byLabel = values.type(new TypeReference<Map<Size, Integer>>() {}.getType());
        Object read = values.read(slice("{\"Large\":1}"), byLabel);
        assertThat(read).isEqualTo(Map.of(Size.LARGE, 1));
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                Arguments.of("{\"name\":17}", Person.class, "at .name, a number that is not a java.lang.String"),
                Arguments.of("{\"name\":\"a\",\"age\":\"x\",\"tags\":[]}", Person.class, "at .age, "),
                Arguments.of("{\"name\":\"a\",\"age\":1,\"tags\":[\"a\",2]}", Person.class, "at .tags[1], a number"),
                Arguments.of("{\"hits\":1,\"byName\":{\"sEcReT\":[]}}", Counters.class, "at .byName[value], an array"),
                Arguments.of("\"sEcReT\"", Color.class, "not a dev.sojourn.engine.ValueCodecTest$Color"));
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("problems")
    void the_error_for_an_unreadable_value_names_the_place_and_the_reason_but_shows_no_data(
            String json, Class<?> type, String problem) {
        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> values.read(slice(json), values.type(type)))
                .satisfies(e -> assertThat(e.problem()).contains(problem).doesNotContain("sEcReT"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"b\":{\"c\":2,\"d\":3}} | { \"b\" : {\"d\":3, \"c\":2}, \"a\" : 1 }",
                "[1,2] | [ 1 , 2 ]",
                "\"A\" | \"\\u0041\"",
                "1.5 | 1.50",
                "1.0 | 1",
                "{\"a\":[{\"b\":1.0}]} | {\"a\":[{\"b\":1}]}",
                "100 | 1e2",
                "null | null"
            })
    void equivalent_json_is_the_same(String one, String other) {
        assertThat(values.same(bytes(one), slice(other))).isTrue();
        assertThat(values.same(bytes(other), slice(one))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1,2] | [2,1]",
                "[1] | [1,1]",
                "{\"a\":1} | {\"a\":2}",
                "{\"a\":1} | {\"b\":1}",
                "{\"a\":null} | {}",
                "1 | \"1\"",
                "0 | false",
                "null | \"null\"",
                "\"a\" | \"A\"",
                "12345678901234567890 | 12345678901234567891",
                "[0.12345678901234567890] | [0.12345678901234567891]",
                "9007199254740993.0 | 9007199254740992.0",
                "1E400 | 1E401"
            })
    void different_json_is_not_the_same(String one, String other) {
        assertThat(values.same(bytes(one), slice(other))).isFalse();
        assertThat(values.same(bytes(other), slice(one))).isFalse();
    }

    @Test
    void a_value_that_cannot_be_written_is_named_but_not_shown() {
        Object broken = new Broken("cart");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> values.write("cart", broken, values.declaredType(broken)))
                .withNoCause()
                .withMessageContaining("'cart'")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("tOpSeCrEt"));
    }

    @Test
    void an_unreadable_value_is_not_shown() {
        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> values.read(slice("\"tOpSeCrEt\""), values.type(Integer.class)))
                .withNoCause()
                .withMessageStartingWith("a stored value cannot be read as java.lang.Integer: ")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("tOpSeCrEt"));
    }

    @Test
    void only_values_that_cannot_change_are_immutable() {
        assertThat(Stream.of(
                        "a", 1, 2.0, true, 'c', Color.RED, new UUID(1, 2), Instant.EPOCH, Duration.ZERO, Period.ZERO))
                .allMatch(ValueCodec::isImmutable);
        assertThat(Stream.of(
                        new byte[0],
                        List.of(),
                        Map.of(),
                        new int[] {1},
                        new AtomicInteger(),
                        new Person("a", 1, null, List.of())))
                .noneMatch(ValueCodec::isImmutable);
    }

    private <T> @Nullable Object roundTrip(T value, TypeReference<T> reference) {
        JavaType type = values.type(reference.getType());
        return values.read(whole(values.write("name", Objects.requireNonNull(value), values.declaredType(type))), type);
    }

    private byte[] write(Object value) {
        return values.write("name", value, values.declaredType(value));
    }

    private static Slice slice(String json) {
        byte[] around = bytes("[" + json + "]");
        return new Slice(around, 1, around.length - 1);
    }

    private static Slice whole(byte[] json) {
        return new Slice(json, 0, json.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
