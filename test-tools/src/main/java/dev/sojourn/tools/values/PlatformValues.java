package dev.sojourn.tools.values;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.Formatter;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Scanner;
import java.util.Set;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.Timer;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values of the JDK's public classes. Values that are known to be difficult are listed. For every other class, some values
 * are created by its public constructors and its static factory methods.
 */
public final class PlatformValues {
    private static final int MAX_DEPTH = 2;
    private static final int MAX_VALUES = 6;

    /** Classes whose constructors or methods start threads, end the process, or wait. */
    private static final Set<String> NOT_CREATED = Set.of(
            "java.lang.Runtime", "java.util.Timer", "java.util.Formatter", "java.util.Scanner", "java.lang.Shutdown");

    private static final Map<Class<?>, List<Object>> LISTED = listed();

    private PlatformValues() {}

    /**
     * Returns values of a class.
     *
     * @param type a class
     * @return some values; empty if the class has no instances, or none that can be created safely
     */
    public static List<Object> of(Class<?> type) {
        return of(type, 0);
    }

    private static List<Object> of(Class<?> type, int depth) {
        List<Object> known = LISTED.get(type);
        if (known != null) {
            return known;
        }
        if (type.isEnum()) {
            return List.of(type.getEnumConstants());
        }
        if (NOT_CREATED.contains(type.getName()) || depth > MAX_DEPTH) {
            return List.of();
        }
        List<Object> created = new ArrayList<>();
        for (Executable factory : factories(type)) {
            if (created.size() < MAX_VALUES) {
                Object value = create(factory, depth);
                if (value != null) {
                    created.add(value);
                }
            }
        }
        return created;
    }

    private static List<Executable> factories(Class<?> type) {
        List<Executable> factories = new ArrayList<>();
        if (!Modifier.isAbstract(type.getModifiers())) {
            factories.addAll(List.of(type.getConstructors()));
        }
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())
                    && method.getReturnType() == type
                    && method.getDeclaringClass() == type) {
                factories.add(method);
            }
        }
        factories.sort(Comparator.<Executable>comparingInt(Executable::getParameterCount)
                .thenComparing(Executable::toGenericString));
        return factories;
    }

    @SuppressWarnings("CatchingUnchecked") // a constructor that throws gives no value
    private static @Nullable Object create(Executable factory, int depth) {
        Class<?>[] types = factory.getParameterTypes();
        if (types.length > 4) {
            return null;
        }
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            List<Object> values = types[i] == factory.getDeclaringClass() ? List.of() : of(types[i], depth + 1);
            if (values.isEmpty()) {
                return null;
            }
            arguments[i] = values.get(Math.min(1, values.size() - 1));
        }
        try {
            return factory instanceof Constructor<?> constructor
                    ? constructor.newInstance(arguments)
                    : ((Method) factory).invoke(null, arguments);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return null;
        }
    }

    @SuppressWarnings({"JdkObsolete", "JavaUtilDate", "UnnecessaryStringBuilder", "deprecation", "removal"
    }) // applications store old types
    private static Map<Class<?>, List<Object>> listed() {
        Map<Class<?>, List<Object>> all = new HashMap<>();
        List<Object> ints = List.of(0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE);
        List<Object> longs = List.of(0L, 1L, 1L << 31, (1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE);
        List<Object> doubles = List.of(
                0.1, 1.0, -0.0, 0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE, 1.7e23);
        List<Object> floats = List.of(0.1f, 1.0f, -0.0f, Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE);
        List<Object> characters = List.of('a', '\u0000', '"', '\u00df', '\u2028', '\ud83d', '\uffff');
        List<Object> booleans = List.of(true, false);
        List<Object> bytes = List.of((byte) 0, Byte.MIN_VALUE, Byte.MAX_VALUE);
        List<Object> shorts = List.of((short) 0, Short.MIN_VALUE, Short.MAX_VALUE);
        both(all, int.class, Integer.class, ints);
        both(all, long.class, Long.class, longs);
        both(all, double.class, Double.class, doubles);
        both(all, float.class, Float.class, floats);
        both(all, char.class, Character.class, characters);
        both(all, boolean.class, Boolean.class, booleans);
        both(all, byte.class, Byte.class, bytes);
        both(all, short.class, Short.class, shorts);
        all.put(
                String.class,
                List.of("", "a", " a ", "null", "17", "a\"\\\n\u0000\u2028", "\ud83d\ude00", "\ud83d", "x\udc00y"));
        all.put(CharSequence.class, List.of("a", new StringBuilder("b")));
        all.put(StringBuilder.class, List.of(new StringBuilder(), new StringBuilder("a\"b")));
        all.put(StringBuffer.class, List.of(new StringBuffer(), new StringBuffer("a\"b")));
        all.put(Object.class, List.of("a", 17, new Object()));
        all.put(Number.class, List.of(17, 17L, 1.5, 1.5f, new BigDecimal("1.50")));
        all.put(Class.class, List.of(String.class, int.class));
        all.put(Thread.class, List.of(new Thread(() -> {}, "not started")));
        all.put(Runnable.class, List.of((Runnable) () -> {}));
        all.put(
                BigInteger.class,
                List.of(BigInteger.ZERO, BigInteger.TEN.pow(40).negate()));
        all.put(
                BigDecimal.class,
                List.of(
                        new BigDecimal("1.50"),
                        new BigDecimal("1.5"),
                        new BigDecimal("0.00"),
                        new BigDecimal("-0.1"),
                        new BigDecimal("1E+3"),
                        new BigDecimal("1E-400"),
                        new BigDecimal("1E+400"),
                        new BigDecimal("12345678901234567890.1234567890123456789")));
        all.put(MathContext.class, List.of(MathContext.DECIMAL64, new MathContext(5, RoundingMode.UP)));
        time(all);
        collections(all);
        all.put(Optional.class, List.of(Optional.empty(), Optional.of("a"), Optional.of(17L), Optional.of(List.of(1))));
        all.put(OptionalInt.class, List.of(OptionalInt.empty(), OptionalInt.of(17)));
        all.put(OptionalLong.class, List.of(OptionalLong.empty(), OptionalLong.of(1L << 60)));
        all.put(OptionalDouble.class, List.of(OptionalDouble.empty(), OptionalDouble.of(-0.0)));
        all.put(UUID.class, List.of(new UUID(0, 0), new UUID(-1, Long.MIN_VALUE)));
        all.put(
                Locale.class,
                List.of(
                        Locale.ROOT,
                        Locale.GERMANY,
                        Locale.SIMPLIFIED_CHINESE,
                        new Locale("no", "NO", "NY"),
                        new Locale("ja", "JP", "JP"),
                        new Locale("xx", "YY", "a_b"),
                        Locale.forLanguageTag("de-DE-u-co-phonebk"),
                        Locale.forLanguageTag("zh-Hant-TW")));
        all.put(Currency.class, List.of(Currency.getInstance("EUR")));
        all.put(
                Pattern.class,
                List.of(Pattern.compile("a+"), Pattern.compile("a+", Pattern.CASE_INSENSITIVE | Pattern.COMMENTS)));
        all.put(BitSet.class, List.of(new BitSet(), BitSet.valueOf(new long[] {5, 9})));
        all.put(Scanner.class, List.of(new Scanner("text")));
        all.put(Formatter.class, List.of(new Formatter()));
        Timer timer = new Timer(true);
        timer.cancel();
        all.put(Timer.class, List.of(timer));
        all.put(AtomicInteger.class, List.of(new AtomicInteger(17)));
        all.put(AtomicLong.class, List.of(new AtomicLong(1L << 60)));
        all.put(AtomicBoolean.class, List.of(new AtomicBoolean(true)));
        all.put(
                AtomicReference.class,
                List.of(new AtomicReference<>(), new AtomicReference<>("a"), new AtomicReference<>(17L)));
        return all;
    }

    private static void both(
            Map<Class<?>, List<Object>> all, Class<?> primitive, Class<?> wrapper, List<Object> values) {
        all.put(primitive, values);
        all.put(wrapper, values);
    }

    @SuppressWarnings({"JdkObsolete", "JavaUtilDate", "deprecation"})
    private static void time(Map<Class<?>, List<Object>> all) {
        LocalDateTime some = LocalDateTime.of(2026, 1, 2, 3, 4, 5, 6);
        all.put(
                Instant.class,
                List.of(Instant.EPOCH, Instant.MAX, Instant.MIN, Instant.parse("2026-11-23T20:15:30.123456789Z")));
        all.put(Duration.class, List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MAX_VALUE, 9)));
        all.put(Period.class, List.of(Period.ZERO, Period.of(1, -2, 40)));
        all.put(LocalDate.class, List.of(LocalDate.MIN, LocalDate.MAX, LocalDate.of(2024, 2, 29)));
        all.put(LocalTime.class, List.of(LocalTime.MIN, LocalTime.MAX, LocalTime.of(3, 4)));
        all.put(LocalDateTime.class, List.of(LocalDateTime.MIN, LocalDateTime.MAX, some));
        all.put(
                OffsetDateTime.class,
                List.of(
                        OffsetDateTime.of(some, ZoneOffset.UTC),
                        OffsetDateTime.of(some, ZoneOffset.ofHours(5)),
                        OffsetDateTime.of(some, ZoneOffset.ofHoursMinutesSeconds(-3, -4, -5)),
                        OffsetDateTime.MAX,
                        OffsetDateTime.MIN));
        all.put(OffsetTime.class, List.of(OffsetTime.MIN, OffsetTime.of(LocalTime.MAX, ZoneOffset.ofHours(5))));
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        LocalDateTime ambiguous = LocalDateTime.of(2026, 10, 25, 2, 30);
        all.put(
                ZonedDateTime.class,
                List.of(
                        some.atZone(berlin),
                        some.atZone(ZoneOffset.UTC),
                        some.atZone(ZoneOffset.ofHours(5)),
                        some.atZone(ZoneId.of("UTC")),
                        some.atZone(ZoneId.of("GMT+2")),
                        ambiguous.atZone(berlin).withEarlierOffsetAtOverlap(),
                        ambiguous.atZone(berlin).withLaterOffsetAtOverlap()));
        all.put(ZoneId.class, List.of(berlin, ZoneId.of("UTC"), ZoneId.of("GMT+2"), ZoneOffset.UTC));
        all.put(ZoneOffset.class, List.of(ZoneOffset.UTC, ZoneOffset.MAX, ZoneOffset.ofTotalSeconds(-11_045)));
        all.put(Year.class, List.of(Year.of(2026), Year.of(-5), Year.of(Year.MAX_VALUE)));
        all.put(YearMonth.class, List.of(YearMonth.of(2026, 1), YearMonth.of(-5, 12), YearMonth.of(12_345, 6)));
        all.put(MonthDay.class, List.of(MonthDay.of(2, 29)));
        all.put(Date.class, List.of(new Date(0), new Date(1_795_000_000_123L), new Date(-1)));
        all.put(
                java.sql.Date.class,
                List.of(java.sql.Date.valueOf("2026-01-02"), new java.sql.Date(1_795_000_000_123L)));
        all.put(java.sql.Time.class, List.of(java.sql.Time.valueOf("03:04:05"), new java.sql.Time(1_795_000_000_123L)));
        all.put(
                java.sql.Timestamp.class,
                List.of(
                        java.sql.Timestamp.valueOf("2026-01-02 03:04:05.123456789"),
                        java.sql.Timestamp.valueOf("2026-01-02 03:04:05"),
                        java.sql.Timestamp.from(Instant.parse("1900-01-01T00:00:00.000000001Z"))));
        all.put(
                TimeZone.class,
                List.of(
                        TimeZone.getTimeZone("America/New_York"),
                        TimeZone.getTimeZone("UTC"),
                        TimeZone.getTimeZone("GMT+02:30"),
                        new SimpleTimeZone(3_600_000, "Mine")));
        GregorianCalendar newYork = new GregorianCalendar(TimeZone.getTimeZone("America/New_York"));
        newYork.setTimeInMillis(1_795_000_000_123L);
        GregorianCalendar unusual = new GregorianCalendar(TimeZone.getTimeZone("Europe/Berlin"));
        unusual.setTimeInMillis(-1);
        unusual.setFirstDayOfWeek(Calendar.THURSDAY);
        unusual.setMinimalDaysInFirstWeek(3);
        unusual.setLenient(false);
        GregorianCalendar julian = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
        julian.setGregorianChange(new Date(Long.MAX_VALUE));
        julian.setTimeInMillis(5);
        List<Object> gregorian = List.of(newYork, unusual, julian);
        all.put(GregorianCalendar.class, gregorian);
        List<Object> calendars = new ArrayList<>(gregorian);
        calendars.add(new Calendar.Builder()
                .setCalendarType("buddhist")
                .setInstant(17)
                .build());
        all.put(Calendar.class, List.copyOf(calendars));
    }

    @SuppressWarnings({"JdkObsolete", "NonApiType", "IdentityHashMapUsage"}) // applications store old types
    private static void collections(Map<Class<?>, List<Object>> all) {
        Comparator<String> anyCase = String.CASE_INSENSITIVE_ORDER;
        List<String> texts = List.of("b", "a", "c");
        List<@Nullable String> withNull = Arrays.asList("b", null, "a");
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("b", 1);
        counts.put("a", 2);
        Map<String, Object> mixed = new LinkedHashMap<>();
        mixed.put("long", 17L);
        all.put(
                List.class,
                List.of(
                        List.of(),
                        texts,
                        List.of(1, 2L),
                        List.of(1.0, 1.5f),
                        withNull,
                        Arrays.asList(1, 2),
                        Collections.unmodifiableList(new ArrayList<>(texts)),
                        Collections.synchronizedList(new ArrayList<>(texts)),
                        new LinkedList<>(texts),
                        new ArrayList<>(texts).subList(1, 3),
                        Collections.singletonList("a"),
                        Collections.nCopies(3, "a"),
                        List.of(List.of(1), Map.of("a", true)),
                        List.of(LocalDate.EPOCH),
                        List.of(DayOfWeek.MONDAY)));
        all.put(
                ArrayList.class,
                List.of(new ArrayList<>(texts), new ArrayList<>(withNull), new ArrayList<>(List.of(1L))));
        all.put(LinkedList.class, List.of(new LinkedList<>(texts)));
        all.put(Collection.class, List.of(texts, new ArrayDeque<>(texts), counts.values()));
        all.put(
                Set.class,
                List.of(
                        Set.of(),
                        Set.of("a"),
                        new HashSet<>(texts),
                        new LinkedHashSet<>(texts),
                        new TreeSet<>(texts),
                        counts.keySet(),
                        Set.of(1L),
                        Collections.unmodifiableSet(new LinkedHashSet<>(texts))));
        all.put(LinkedHashSet.class, List.of(new LinkedHashSet<>(texts)));
        all.put(HashSet.class, List.of(new HashSet<>(texts)));
        TreeSet<String> ordered = new TreeSet<>(anyCase);
        ordered.addAll(texts);
        all.put(TreeSet.class, List.of(new TreeSet<>(texts), ordered));
        all.put(
                Map.class,
                List.of(
                        Map.of(),
                        counts,
                        new HashMap<>(counts),
                        new TreeMap<>(counts),
                        Collections.unmodifiableMap(counts),
                        mixed,
                        Map.of(1, "a"),
                        Map.of(DayOfWeek.MONDAY, 1),
                        Map.of("a", Map.of("b", List.of()))));
        all.put(HashMap.class, List.of(new HashMap<>(counts), new HashMap<>(Map.of(7, 1))));
        all.put(LinkedHashMap.class, List.of(new LinkedHashMap<>(counts)));
        TreeMap<String, Integer> orderedMap = new TreeMap<>(anyCase);
        orderedMap.putAll(counts);
        TreeMap<String, Integer> reversed = new TreeMap<>(Comparator.reverseOrder());
        reversed.putAll(counts);
        all.put(TreeMap.class, List.of(new TreeMap<>(counts), orderedMap, reversed));
        ConcurrentSkipListMap<String, Integer> skipping = new ConcurrentSkipListMap<>(anyCase);
        skipping.putAll(counts);
        all.put(ConcurrentSkipListMap.class, List.of(new ConcurrentSkipListMap<>(counts), skipping));
        ConcurrentSkipListSet<String> skippingSet = new ConcurrentSkipListSet<>(anyCase);
        skippingSet.addAll(texts);
        all.put(ConcurrentSkipListSet.class, List.of(new ConcurrentSkipListSet<>(texts), skippingSet));
        PriorityQueue<Integer> largestFirst = new PriorityQueue<>(Comparator.reverseOrder());
        largestFirst.addAll(List.of(1, 3, 2));
        all.put(PriorityQueue.class, List.of(new PriorityQueue<>(List.of(3, 1, 2)), largestFirst));
        all.put(PriorityBlockingQueue.class, List.of(new PriorityBlockingQueue<>(List.of(3, 1, 2))));
        LinkedBlockingQueue<String> bounded = new LinkedBlockingQueue<>(5);
        bounded.addAll(texts);
        LinkedBlockingDeque<String> boundedDeque = new LinkedBlockingDeque<>(5);
        boundedDeque.addAll(texts);
        all.put(LinkedBlockingQueue.class, List.of(new LinkedBlockingQueue<>(texts), bounded));
        all.put(LinkedBlockingDeque.class, List.of(new LinkedBlockingDeque<>(texts), boundedDeque));
        all.put(IdentityHashMap.class, List.of(new IdentityHashMap<>(counts)));
        Properties defaults = new Properties();
        defaults.setProperty("a", "b");
        Properties derived = new Properties(defaults);
        derived.setProperty("c", "d");
        all.put(Properties.class, List.of(defaults, derived));
        all.put(java.util.EnumSet.class, List.of(java.util.EnumSet.of(Month.MAY, Month.APRIL)));
        java.util.EnumMap<TimeUnit, Integer> units = new java.util.EnumMap<>(TimeUnit.class);
        units.put(TimeUnit.DAYS, 1);
        all.put(java.util.EnumMap.class, List.of(units));
    }
}
