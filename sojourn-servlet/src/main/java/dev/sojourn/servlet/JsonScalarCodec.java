package dev.sojourn.servlet;

import dev.sojourn.spi.LogText;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;

/**
 * Writes and reads a JDK type whose values are single JSON values.
 *
 * @param type the type
 * @param check which values are read back when they are written, because the JSON of some is ambiguous
 * @param writer returns a value's JSON
 * @param reader returns the value of JSON
 * @param <T> the type
 */
record JsonScalarCodec<T>(Class<T> type, Check check, Function<T, JsonNode> writer, Function<JsonNode, T> reader) {
    /** Which values are compared with what is read back. */
    enum Check {
        NEVER,
        EACH_VALUE
    }

    private JsonNode json(Object value) {
        T known = type.cast(value);
        JsonNode json = writer.apply(known);
        if (check == Check.EACH_VALUE && !reader.apply(json).equals(known)) {
            throw new UnregisteredTypeException(
                    "this " + LogText.text(value.getClass().getName()) + " cannot be read back: Java has no "
                            + type.getSimpleName() + " of that name");
        }
        return json;
    }

    ValueSerializer<Object> serializer() {
        return new JsonTypedSerializer() {
            @Override
            public void serialize(Object value, JsonGenerator out, SerializationContext context) {
                JsonNode json = json(value);
                if (json.isString()) {
                    out.writeString(json.stringValue());
                } else if (json.isIntegralNumber()) {
                    out.writeNumber(json.longValue());
                } else {
                    out.writeTree(json);
                }
            }
        };
    }

    ValueDeserializer<Object> deserializer() {
        return new JsonTypedDeserializer() {
            @Override
            public Object deserialize(JsonParser parser, DeserializationContext context) {
                JsonNode json = context.readTree(parser);
                return reader.apply(json);
            }

            @Override
            public Class<?> handledType() {
                return type;
            }
        };
    }
}
