package dev.sojourn.servlet;

import dev.sojourn.spi.LogText;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * One of Java's own types that is a value by itself: how it is written, and how it is read.
 *
 * @param type the type
 * @param check whether each value is read back when it is written, because not every one can be told by its JSON
 * @param written gives a value's JSON
 * @param read gives the value of JSON
 * @param <T> the type
 */
record Scalar<T>(Class<T> type, Check check, Function<T, JsonNode> written, Function<JsonNode, T> read) {
    /** When a value is compared with what its JSON gives. */
    enum Check {
        NEVER,
        EACH
    }

    private JsonNode json(Object value) {
        T known = type.cast(value);
        JsonNode json = written.apply(known);
        if (check == Check.EACH && !read.apply(json).equals(known)) {
            throw new UnregisteredTypeException(
                    "this " + LogText.text(value.getClass().getName()) + " would not come back as what it is: its "
                            + type.getSimpleName() + " is none that Java knows by a name");
        }
        return json;
    }

    ValueSerializer<Object> serializer() {
        return new ValueSerializer<>() {
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

            @Override
            public void serializeWithType(
                    Object value, JsonGenerator out, SerializationContext context, TypeSerializer types) {
                WritableTypeId id = types.writeTypePrefix(out, context, types.typeId(value, JsonToken.VALUE_STRING));
                serialize(value, out, context);
                types.writeTypeSuffix(out, context, id);
            }
        };
    }

    ValueDeserializer<Object> deserializer() {
        return new ValueDeserializer<>() {
            @Override
            public Object deserialize(JsonParser parser, DeserializationContext context) {
                JsonNode json = context.readTree(parser);
                return read.apply(json);
            }

            @Override
            public Object deserializeWithType(
                    JsonParser parser, DeserializationContext context, TypeDeserializer types) {
                return types.deserializeTypedFromAny(parser, context);
            }

            @Override
            public Class<?> handledType() {
                return type;
            }
        };
    }
}
