package dev.sojourn.engine;

import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes a {@code java.sql.Timestamp} as its instant, to the nanosecond. Used only if the module {@code java.sql} is
 * present.
 */
final class TimestampJson {
    private TimestampJson() {}

    static void addTo(SimpleModule module) {
        module.addSerializer(new Writer());
        module.addDeserializer(Timestamp.class, new Reader());
    }

    private static final class Writer extends StdSerializer<Timestamp> {
        Writer() {
            super(Timestamp.class);
        }

        @Override
        public void serialize(Timestamp value, JsonGenerator out, SerializationContext context) {
            out.writeString(value.toInstant().toString());
        }
    }

    private static final class Reader extends StdDeserializer<Timestamp> {
        Reader() {
            super(Timestamp.class);
        }

        /** Also reads what earlier versions wrote: milliseconds only, with an offset or as a number. */
        @Override
        public @Nullable Timestamp deserialize(JsonParser in, DeserializationContext context) {
            if (in.hasToken(JsonToken.VALUE_NUMBER_INT)) {
                return new Timestamp(in.getLongValue());
            }
            if (!in.hasToken(JsonToken.VALUE_STRING)) {
                return (Timestamp) context.handleUnexpectedToken(context.constructType(Timestamp.class), in);
            }
            String text = in.getString();
            try {
                return Timestamp.from(
                        text.endsWith("Z")
                                ? Instant.parse(text)
                                : OffsetDateTime.parse(text).toInstant());
            } catch (DateTimeException | IllegalArgumentException e) {
                return (Timestamp) context.handleWeirdStringValue(Timestamp.class, text, "not a time with an offset");
            }
        }
    }
}
