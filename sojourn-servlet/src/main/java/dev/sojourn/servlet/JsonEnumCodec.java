package dev.sojourn.servlet;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeSerializer;

/** Writes and reads enum constants by name, not by {@code toString()}, which is meant for display and may change. */
final class JsonEnumCodec {
    private JsonEnumCodec() {}

    static ValueSerializer<Object> writer() {
        return new ValueSerializer<>() {
            @Override
            public void serialize(Object value, JsonGenerator out, SerializationContext context) {
                out.writeString(((Enum<?>) value).name());
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

    static ValueDeserializer<Object> reader(Class<?> type) {
        return new ValueDeserializer<>() {
            @Override
            public Object deserialize(JsonParser parser, DeserializationContext context) {
                if (parser.currentToken() != JsonToken.VALUE_STRING) {
                    throw new UnregisteredTypeException("the stored enum constant is not a string");
                }
                return JsonEnumTypes.constant(type, parser.getString());
            }

            @Override
            public Object deserializeWithType(
                    JsonParser parser, DeserializationContext context, TypeDeserializer types) {
                return types.deserializeTypedFromAny(parser, context);
            }
        };
    }
}
