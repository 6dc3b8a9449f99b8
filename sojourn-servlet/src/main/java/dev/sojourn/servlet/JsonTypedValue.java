package dev.sojourn.servlet;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;

/** Writes and reads values whose type the surrounding JSON does not determine, each with its type name. */
final class JsonTypedValue {
    private JsonTypedValue() {}

    static void write(@Nullable Object value, JsonGenerator out, SerializationContext context) {
        if (value == null) {
            out.writeNull();
            return;
        }
        TypeSerializer types = context.findTypeSerializer(context.constructType(Object.class));
        context.findContentValueSerializer(value.getClass(), null).serializeWithType(value, out, context, types);
    }

    /** Reads the value at the current token. */
    static @Nullable Object read(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        JavaType object = context.constructType(Object.class);
        return context.findRootValueDeserializer(object).deserialize(parser, context);
    }
}
