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

/** Java's own types that are values by themselves, exact to the last digit, zone and offset. */
@SuppressWarnings({"JavaUtilDate", "JdkObsolete"}) // old types are what applications hold
final class Scalars {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Map<Class<?>, Scalar<?>> ALL = new LinkedHashMap<>();

    private Scalars() {}

    static {
        text(Instant.class, Instant::parse);
        text(Duration.class, Duration::parse);
        text(Period.class, Period::parse);
        text(LocalDate.class, LocalDate::parse);
        text(LocalTime.class, LocalTime::parse);
        text(LocalDateTime.class, LocalDateTime::parse);
        text(OffsetDateTime.class, OffsetDateTime::parse);
        text(OffsetTime.class, OffsetTime::parse);
        checked(ZonedDateTime.class, ZonedDateTime::toString, ZonedDateTime::parse);
        text(ZoneId.class, ZoneId::of);
        text(ZoneOffset.class, ZoneOffset::of);
        // Its own text of a year beyond 9999 lacks the sign that reading it asks for.
        add(
                YearMonth.class,
                month -> JSON.stringNode((month.getYear() > 9_999 ? "+" : "") + month),
                json -> YearMonth.parse(json.stringValue()));
        text(MonthDay.class, MonthDay::parse);
        add(Year.class, year -> JSON.numberNode(year.getValue()), json -> Year.of(json.intValue()));
        text(UUID.class, UUID::fromString);
        text(URI.class, URI::create);
        text(BigDecimal.class, BigDecimal::new);
        text(MathContext.class, MathContext::new);
        checked(Locale.class, Locale::toLanguageTag, tag -> Locale.forLanguageTag(tag.replace('_', '-')));
        checked(Currency.class, Currency::getCurrencyCode, Currency::getInstance);
        checked(TimeZone.class, TimeZone::getID, TimeZone::getTimeZone);
        add(Character.class, Scalars::character, Scalars::character);
        add(Date.class, date -> JSON.numberNode(date.getTime()), Scalars::date);
        ALL.put(
                GregorianCalendar.class,
                new Scalar<>(GregorianCalendar.class, Scalar.Check.EACH, Scalars::calendar, Scalars::calendar));
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
        if (isHere("java.sql.Timestamp")) {
            Sql.add();
        }
    }

    /** A runtime without the module java.sql has none of these. */
    private static final class Sql {
        private Sql() {}

        static void add() {
            Scalars.add(
                    java.sql.Timestamp.class,
                    time -> JSON.stringNode(time.toInstant().toString()),
                    json -> java.sql.Timestamp.from(Instant.parse(json.stringValue())));
            Scalars.add(
                    java.sql.Date.class,
                    date -> JSON.numberNode(date.getTime()),
                    json -> new java.sql.Date(json.longValue()));
            Scalars.add(
                    java.sql.Time.class,
                    time -> JSON.numberNode(time.getTime()),
                    json -> new java.sql.Time(json.longValue()));
        }
    }

    private static boolean isHere(String type) {
        try {
            Class.forName(type, false, ClassLoader.getPlatformClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static <T> void text(Class<T> type, Function<String, T> read) {
        add(type, value -> JSON.stringNode(value.toString()), json -> read.apply(json.stringValue()));
    }

    private static <T> void checked(Class<T> type, Function<T, String> written, Function<String, T> read) {
        ALL.put(
                type,
                new Scalar<>(
                        type,
                        Scalar.Check.EACH,
                        value -> JSON.stringNode(written.apply(value)),
                        json -> read.apply(json.stringValue())));
    }

    private static <T> void add(Class<T> type, Function<T, JsonNode> written, Function<JsonNode, T> read) {
        ALL.put(type, new Scalar<>(type, Scalar.Check.NEVER, written, read));
    }

    /** Half of a surrogate pair is a character, but no text. */
    private static JsonNode character(Character value) {
        return Character.isSurrogate(value) ? JSON.numberNode((int) value) : JSON.stringNode(value.toString());
    }

    private static Character character(JsonNode json) {
        return json.isNumber() ? (char) json.intValue() : json.stringValue().charAt(0);
    }

    /** Earlier versions wrote a text. */
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

    /** The scalar of a class; null if it is none of these. Zones have many classes. */
    static @Nullable Scalar<?> of(Class<?> type) {
        Scalar<?> exact = ALL.get(type);
        if (exact != null || !TypeNames.isPlatform(type)) {
            return exact;
        }
        if (TimeZone.class.isAssignableFrom(type)) {
            return ALL.get(TimeZone.class);
        }
        return ZoneId.class.isAssignableFrom(type) ? ALL.get(ZoneId.class) : null;
    }
}
