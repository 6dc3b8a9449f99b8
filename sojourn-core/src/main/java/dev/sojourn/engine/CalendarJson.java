package dev.sojourn.engine;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes a calendar as an object: its time, its zone, and how it counts weeks, which would otherwise depend on the
 * machine that reads it. Calendars other than the Gregorian one, and those with a custom change from the Julian
 * calendar, read back differently and are therefore rejected.
 */
final class CalendarJson {
    private static final String TIME = "time";
    private static final String ZONE = "zone";
    private static final String FIRST_DAY = "firstDayOfWeek";
    private static final String MINIMAL_DAYS = "minimalDaysInFirstWeek";
    private static final String LENIENT = "lenient";

    private CalendarJson() {}

    static void addTo(SimpleModule module) {
        module.addSerializer(new Writer());
        module.addDeserializer(Calendar.class, new Reader<>(Calendar.class));
        module.addDeserializer(GregorianCalendar.class, new Reader<>(GregorianCalendar.class));
    }

    private static final class Writer extends StdSerializer<Calendar> {
        Writer() {
            super(Calendar.class);
        }

        @Override
        public void serialize(Calendar value, JsonGenerator out, SerializationContext context) {
            out.writeStartObject();
            out.writeStringProperty(TIME, value.toInstant().toString());
            out.writeStringProperty(ZONE, value.getTimeZone().getID());
            out.writeNumberProperty(FIRST_DAY, value.getFirstDayOfWeek());
            out.writeNumberProperty(MINIMAL_DAYS, value.getMinimalDaysInFirstWeek());
            if (!value.isLenient()) {
                out.writeBooleanProperty(LENIENT, false);
            }
            out.writeEndObject();
        }
    }

    private static final class Reader<T extends Calendar> extends StdDeserializer<T> {
        private final Class<T> type;

        Reader(Class<T> type) {
            super(type);
            this.type = type;
        }

        /**
         * Also reads what earlier versions wrote, the time alone: as a text with an offset, or as milliseconds. It is
         * read as UTC.
         */
        @Override
        public @Nullable T deserialize(JsonParser in, DeserializationContext context) {
            try {
                if (in.hasToken(JsonToken.START_OBJECT)) {
                    return type.cast(calendar(context.readTree(in)));
                }
                if (in.hasToken(JsonToken.VALUE_NUMBER_INT)) {
                    return type.cast(utc(in.getLongValue()));
                }
                if (in.hasToken(JsonToken.VALUE_STRING)) {
                    return type.cast(utc(instant(in.getString()).toEpochMilli()));
                }
            } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
                context.reportInputMismatch(type, "not a calendar");
            }
            return type.cast(context.handleUnexpectedToken(context.constructType(type), in));
        }

        private static Instant instant(String text) {
            return text.endsWith("Z")
                    ? Instant.parse(text)
                    : OffsetDateTime.parse(text).toInstant();
        }

        private static GregorianCalendar utc(long millis) {
            GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
            calendar.setTimeInMillis(millis);
            return calendar;
        }

        private static GregorianCalendar calendar(JsonNode stored) {
            String zone = stored.path(ZONE).asString("");
            TimeZone known = TimeZone.getTimeZone(zone);
            if (!known.getID().equals(zone)) {
                throw new IllegalArgumentException("an unknown time zone");
            }
            GregorianCalendar calendar = new GregorianCalendar(known);
            calendar.setFirstDayOfWeek(stored.path(FIRST_DAY).asInt(calendar.getFirstDayOfWeek()));
            calendar.setMinimalDaysInFirstWeek(stored.path(MINIMAL_DAYS).asInt(calendar.getMinimalDaysInFirstWeek()));
            calendar.setLenient(stored.path(LENIENT).asBoolean(true));
            calendar.setTimeInMillis(
                    Instant.parse(stored.path(TIME).asString("")).toEpochMilli());
            return calendar;
        }
    }
}
