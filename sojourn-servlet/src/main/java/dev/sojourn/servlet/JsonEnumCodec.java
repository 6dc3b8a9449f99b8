package dev.sojourn.servlet;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;

/** Writes and reads enum constants by name, not by {@code toString()}, which is meant for display and may change. */
final class JsonEnumCodec {
    private JsonEnumCodec() {}

    static ValueSerializer<Object> writer() {
        return new JsonTypedSerializer() {
            @Override
            public void serialize(Object value, JsonGenerator out, SerializationContext context) {
                out.writeString(((Enum<?>) value).name());
            }
        };
    }

    static ValueDeserializer<Object> reader(Class<?> type) {
        return new JsonTypedDeserializer() {
            @Override
            public Object deserialize(JsonParser parser, DeserializationContext context) {
                if (parser.currentToken() != JsonToken.VALUE_STRING) {
                    throw new UnregisteredTypeException("the stored enum constant is not a string");
                }
                return JsonEnumTypes.constant(type, parser.getString());
            }
        };
    }
}
