package dev.sojourn.servlet;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/** Reads what a {@link JsonTypedSerializer} wrote. */
abstract class JsonTypedDeserializer extends ValueDeserializer<Object> {
    @Override
    public Object deserializeWithType(JsonParser parser, DeserializationContext context, TypeDeserializer types) {
        return types.deserializeTypedFromAny(parser, context);
    }
}
