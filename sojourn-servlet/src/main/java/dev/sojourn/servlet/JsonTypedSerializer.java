package dev.sojourn.servlet;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;

/** Writes a value as one piece of JSON, next to its type name if it has to have one. */
abstract class JsonTypedSerializer extends ValueSerializer<Object> {
    @Override
    public void serializeWithType(Object value, JsonGenerator out, SerializationContext context, TypeSerializer types) {
        WritableTypeId id = types.writeTypePrefix(out, context, types.typeId(value, JsonToken.VALUE_STRING));
        serialize(value, out, context);
        types.writeTypeSuffix(out, context, id);
    }
}
