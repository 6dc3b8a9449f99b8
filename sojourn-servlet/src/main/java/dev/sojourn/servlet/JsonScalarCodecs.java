package dev.sojourn.servlet;

import java.math.BigDecimal;
import java.math.MathContext;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The codecs of the JDK's scalar types, exact to the last digit, zone and offset. */
@SuppressWarnings({"JavaUtilDate", "JdkObsolete"}) // old types are what applications hold
final class JsonScalarCodecs {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Map<Class<?>, JsonScalarCodec<?>> ALL = new LinkedHashMap<>();

    private JsonScalarCodecs() {}

    static {
        addText(Instant.class, Instant::parse);
        addText(Duration.class, Duration::parse);
        addText(Period.class, Period::parse);
        addText(LocalDate.class, LocalDate::parse);
        addText(LocalTime.class, LocalTime::parse);
        addText(LocalDateTime.class, LocalDateTime::parse);
        addText(OffsetDateTime.class, OffsetDateTime::parse);
        addText(OffsetTime.class, OffsetTime::parse);
        addChecked(ZonedDateTime.class, ZonedDateTime::toString, ZonedDateTime::parse);
        addText(ZoneId.class, ZoneId::of);
        addText(ZoneOffset.class, ZoneOffset::of);
        // YearMonth.toString omits the plus sign of years after 9999, which YearMonth.parse requires.
        add(
                YearMonth.class,
                month -> JSON.stringNode((month.getYear() > 9_999 ? "+" : "") + month),
                json -> YearMonth.parse(json.stringValue()));
        addText(MonthDay.class, MonthDay::parse);
        add(Year.class, year -> JSON.numberNode(year.getValue()), json -> Year.of(json.intValue()));
        addText(UUID.class, UUID::fromString);
        addText(URI.class, URI::create);
        addText(BigDecimal.class, BigDecimal::new);
        addText(MathContext.class, MathContext::new);
        addChecked(Locale.class, Locale::toLanguageTag, tag -> Locale.forLanguageTag(tag.replace('_', '-')));
        addChecked(Currency.class, Currency::getCurrencyCode, Currency::getInstance);
        addChecked(TimeZone.class, TimeZone::getID, TimeZone::getTimeZone);
        add(Character.class, JsonScalarCodecs::character, JsonScalarCodecs::character);
        add(Date.class, date -> JSON.numberNode(date.getTime()), JsonScalarCodecs::date);
        ALL.put(
                GregorianCalendar.class,
                new JsonScalarCodec<>(
                        GregorianCalendar.class,
                        JsonScalarCodec.Check.EACH_VALUE,
                        JsonScalarCodecs::calendar,
                        JsonScalarCodecs::calendar));
        add(BitSet.class, bits -> JSON.binaryNode(bits.toByteArray()), json -> BitSet.valueOf(binary(json)));
        add(AtomicInteger.class, n -> JSON.numberNode(n.get()), json -> new AtomicInteger(json.intValue()));
        add(AtomicLong.class, n -> JSON.numberNode(n.get()), json -> new AtomicLong(json.longValue()));
        add(AtomicBoolean.class, is -> JSON.booleanNode(is.get()), json -> new AtomicBoolean(json.booleanValue()));
        add(
                OptionalInt.class,
                n -> n.isEmpty() ? JSON.arrayNode() : JSON.arrayNode().add(n.getAsInt()),
                json -> json.isEmpty()
                        ? OptionalInt.empty()
                        : OptionalInt.of(json.get(0).intValue()));
        add(
                OptionalLong.class,
                n -> n.isEmpty() ? JSON.arrayNode() : JSON.arrayNode().add(n.getAsLong()),
                json -> json.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(json.get(0).longValue()));
        add(
                OptionalDouble.class,
                n -> n.isEmpty() ? JSON.arrayNode() : JSON.arrayNode().add(Double.toString(n.getAsDouble())),
                json -> json.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Double.parseDouble(json.get(0).stringValue())));
        if (isPresent("java.sql.Timestamp")) {
            Sql.add();
        }
    }

    /** Separate, since a runtime without the module java.sql does not have these classes. */
    private static final class Sql {
        private Sql() {}

        static void add() {
            JsonScalarCodecs.add(
                    java.sql.Timestamp.class,
                    time -> JSON.stringNode(time.toInstant().toString()),
                    json -> java.sql.Timestamp.from(Instant.parse(json.stringValue())));
            JsonScalarCodecs.add(
                    java.sql.Date.class,
                    date -> JSON.numberNode(date.getTime()),
                    json -> new java.sql.Date(json.longValue()));
            JsonScalarCodecs.add(
                    java.sql.Time.class,
                    time -> JSON.numberNode(time.getTime()),
                    json -> new java.sql.Time(json.longValue()));
        }
    }

    private static boolean isPresent(String type) {
        try {
            Class.forName(type, false, ClassLoader.getPlatformClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static <T> void addText(Class<T> type, Function<String, T> reader) {
        add(type, value -> JSON.stringNode(value.toString()), json -> reader.apply(json.stringValue()));
    }

    private static <T> void addChecked(Class<T> type, Function<T, String> writer, Function<String, T> reader) {
        ALL.put(
                type,
                new JsonScalarCodec<>(
                        type,
                        JsonScalarCodec.Check.EACH_VALUE,
                        value -> JSON.stringNode(writer.apply(value)),
                        json -> reader.apply(json.stringValue())));
    }

    private static <T> void add(Class<T> type, Function<T, JsonNode> writer, Function<JsonNode, T> reader) {
        ALL.put(type, new JsonScalarCodec<>(type, JsonScalarCodec.Check.NEVER, writer, reader));
    }

    /** Half of a surrogate pair is a character, but not a well-formed string. */
    private static JsonNode character(Character value) {
        return Character.isSurrogate(value) ? JSON.numberNode((int) value) : JSON.stringNode(value.toString());
    }

    private static Character character(JsonNode json) {
        return json.isNumber() ? (char) json.intValue() : json.stringValue().charAt(0);
    }

    /** Reads a date. Earlier versions wrote a string. */
    private static Date date(JsonNode json) {
        return json.isString()
                ? Date.from(OffsetDateTime.parse(json.stringValue()).toInstant())
                : new Date(json.longValue());
    }

    private static byte[] binary(JsonNode json) {
        return json.binaryValue();
    }

    private static JsonNode calendar(GregorianCalendar value) {
        GregorianCalendar calendar = (GregorianCalendar) value.clone();
        ObjectNode json = JSON.objectNode();
        json.put("time", calendar.getTimeInMillis());
        json.put("zone", calendar.getTimeZone().getID());
        json.put("lenient", calendar.isLenient());
        json.put("firstDay", calendar.getFirstDayOfWeek());
        json.put("minimalDays", calendar.getMinimalDaysInFirstWeek());
        json.put("change", calendar.getGregorianChange().getTime());
        return json;
    }

    private static GregorianCalendar calendar(JsonNode json) {
        GregorianCalendar calendar =
                new GregorianCalendar(TimeZone.getTimeZone(json.get("zone").stringValue()));
        calendar.setGregorianChange(new Date(json.get("change").longValue()));
        calendar.setFirstDayOfWeek(json.get("firstDay").intValue());
        calendar.setMinimalDaysInFirstWeek(json.get("minimalDays").intValue());
        calendar.setTimeInMillis(json.get("time").longValue());
        calendar.setLenient(json.get("lenient").booleanValue());
        return calendar;
    }

    static Set<Class<?>> types() {
        return ALL.keySet();
    }

    /** Returns the codec of a class; null if there is none. Time zones have many classes. */
    static @Nullable JsonScalarCodec<?> of(Class<?> type) {
        JsonScalarCodec<?> exact = ALL.get(type);
        if (exact != null || !JsonTypeNames.isPlatform(type)) {
            return exact;
        }
        if (TimeZone.class.isAssignableFrom(type)) {
            return ALL.get(TimeZone.class);
        }
        return ZoneId.class.isAssignableFrom(type) ? ALL.get(ZoneId.class) : null;
    }
}
