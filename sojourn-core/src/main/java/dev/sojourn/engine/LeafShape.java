package dev.sojourn.engine;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The shape of a type without parts. Samples that are easily altered show whether the application's mapper preserves
 * its values.
 */
@SuppressWarnings("JavaUtilDate") // applications hold them
final class LeafShape {
    private static final int LARGEST_NUMBER = 500;
    private static final LocalDateTime SOME = LocalDateTime.of(2026, 10, 25, 2, 30, 1, 123_456_789);
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static final Map<Class<?>, List<?>> SAMPLES = Map.ofEntries(
            Map.entry(String.class, List.of("", " a ", "null", "17", "\u0000\ud83d\ude00\"\\")),
            Map.entry(Boolean.class, List.of(true, false)),
            Map.entry(Byte.class, List.of(Byte.MIN_VALUE)),
            Map.entry(Short.class, List.of(Short.MIN_VALUE)),
            Map.entry(Integer.class, List.of(0, Integer.MIN_VALUE)),
            Map.entry(Long.class, List.of(0L, Long.MIN_VALUE)),
            Map.entry(Float.class, List.of(1.0f, -0.0f, 0.1f, Float.NaN, Float.NEGATIVE_INFINITY)),
            Map.entry(Double.class, List.of(1.0, -0.0, 0.1, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE)),
            Map.entry(Character.class, List.of('a', '\u0000', ' ', '1')),
            Map.entry(BigInteger.class, List.of(BigInteger.ZERO, BigInteger.TEN.pow(40))),
            Map.entry(
                    BigDecimal.class, List.of(new BigDecimal("1.50"), new BigDecimal("1E+5"), new BigDecimal("1E-30"))),
            Map.entry(UUID.class, List.of(new UUID(1, -2))),
            Map.entry(Instant.class, List.of(Instant.MIN, Instant.MAX, SOME.toInstant(ZoneOffset.UTC))),
            Map.entry(LocalDate.class, List.of(LocalDate.MIN, LocalDate.MAX, SOME.toLocalDate())),
            Map.entry(LocalTime.class, List.of(LocalTime.MIN, LocalTime.MAX)),
            Map.entry(LocalDateTime.class, List.of(LocalDateTime.MIN, LocalDateTime.MAX, SOME)),
            Map.entry(
                    OffsetDateTime.class,
                    List.of(
                            SOME.atOffset(ZoneOffset.ofHours(5)),
                            SOME.atOffset(ZoneOffset.UTC),
                            SOME.atOffset(ZoneOffset.ofTotalSeconds(-11_045)))),
            Map.entry(
                    ZonedDateTime.class,
                    List.of(
                            SOME.atZone(BERLIN).withEarlierOffsetAtOverlap(),
                            SOME.atZone(BERLIN).withLaterOffsetAtOverlap(),
                            SOME.atZone(ZoneOffset.UTC),
                            SOME.atZone(ZoneId.of("UTC")))),
            Map.entry(
                    Duration.class,
                    List.of(Duration.ZERO, Duration.ofSeconds(Long.MAX_VALUE, 1), Duration.ofNanos(-1))),
            Map.entry(Period.class, List.of(Period.ZERO, Period.of(1, -2, 40))),
            Map.entry(Date.class, List.of(new Date(0), new Date(1_795_000_000_123L))));

    private static final List<Object> ARRAYS = List.of(
            new byte[] {0, -1, 127},
            new int[] {Integer.MIN_VALUE},
            new long[] {Long.MIN_VALUE},
            new short[] {Short.MIN_VALUE},
            new double[] {-0.0, 0.1},
            new float[] {-0.0f, 0.1f},
            new boolean[] {true, false});

    private static final List<Class<?>> KEYS = List.of(
            String.class,
            Integer.class,
            Long.class,
            Short.class,
            Byte.class,
            Boolean.class,
            UUID.class,
            LocalDate.class);

    private static final int MOST_CONSTANTS = 1_000;

    private LeafShape() {}

    /** Returns the shape of a type without parts; null if it has parts, or if nothing is known of it. */
    static @Nullable Shape of(Class<?> type, JsonMapper mapper) {
        if (type.isEnum()) {
            return constants(type, mapper);
        }
        List<?> samples = SAMPLES.get(type);
        if (samples != null) {
            return survive(type, samples, mapper) ? leaf(type) : Shape.UNKNOWN;
        }
        if (type.isArray() && type.getComponentType().isPrimitive()) {
            return ARRAYS.stream()
                    .filter(type::isInstance)
                    .findFirst()
                    .filter(sample -> survive(type, List.of(sample), mapper))
                    .<Shape>map(sample -> leaf(type))
                    .orElse(Shape.UNKNOWN);
        }
        return null;
    }

    private static Shape leaf(Class<?> type) {
        if (type == BigDecimal.class) {
            return (value, inspection) -> value == null
                    || (value instanceof BigDecimal number
                            && number.getClass() == type
                            && Math.abs(number.scale()) < LARGEST_NUMBER
                            && number.precision() < LARGEST_NUMBER);
        }
        if (type == BigInteger.class) {
            return (value, inspection) -> value == null
                    || (value instanceof BigInteger number
                            && number.getClass() == type
                            && number.bitLength() < LARGEST_NUMBER);
        }
        return new Exact(type);
    }

    /** Every value of a class survives. */
    record Exact(Class<?> type) implements Shape {
        @Override
        public boolean survives(@Nullable Object value, ValueInspection inspection) {
            return value == null || holds(value);
        }

        boolean holds(Object value) {
            return value.getClass() == type;
        }
    }

    /** Returns the shape of an enum. Annotations or the application's mapper may give two constants the same name. */
    private static Shape constants(Class<?> type, JsonMapper mapper) {
        List<?> all = List.of(type.getEnumConstants());
        boolean plain = all.size() <= MOST_CONSTANTS && survive(type, all, mapper);
        return plain ? (value, inspection) -> value == null || type.isInstance(value) : Shape.UNKNOWN;
    }

    static boolean survive(Class<?> type, List<?> samples, JsonMapper mapper) {
        try {
            for (Object sample : samples) {
                byte[] json = mapper.writeValueAsBytes(sample);
                Object back = mapper.readValue(json, type);
                if (!Objects.deepEquals(sample, back)
                        || sample.getClass() != Objects.requireNonNull(back).getClass()) {
                    return false;
                }
            }
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Returns the shape of a map's key, which is a text. */
    static Shape key(Class<?> type, JsonMapper mapper) {
        List<?> samples =
                type.isEnum() ? List.of(type.getEnumConstants()) : KEYS.contains(type) ? SAMPLES.get(type) : null;
        if (samples == null || samples.size() > MOST_CONSTANTS) {
            return Shape.UNKNOWN;
        }
        try {
            for (Object sample : samples) {
                byte[] json = mapper.writeValueAsBytes(Map.of(sample, 1));
                Map<?, ?> back = mapper.readValue(
                        json, mapper.getTypeFactory().constructMapType(Map.class, type, Integer.class));
                if (!back.equals(Map.of(sample, 1))) {
                    return Shape.UNKNOWN;
                }
            }
        } catch (RuntimeException e) {
            return Shape.UNKNOWN;
        }
        return type.isEnum()
                ? (value, inspection) -> type.isInstance(value)
                : (value, inspection) -> value != null && value.getClass() == type;
    }
}
