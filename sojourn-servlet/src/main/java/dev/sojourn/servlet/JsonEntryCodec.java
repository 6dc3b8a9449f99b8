package dev.sojourn.servlet;

import java.util.AbstractMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;

/** Writes and reads map entries that are values themselves, as pairs. */
final class JsonEntryCodec {
    private JsonEntryCodec() {}

    static boolean handles(Class<?> type) {
        return type == AbstractMap.SimpleEntry.class || type == AbstractMap.SimpleImmutableEntry.class;
    }

    static ValueSerializer<Object> writer() {
        return new JsonTypedSerializer() {
            @Override
            public void serialize(Object value, JsonGenerator out, SerializationContext context) {
                Map.Entry<?, ?> entry = (Map.Entry<?, ?>) value;
                out.writeStartArray();
                JsonTypedValue.write(entry.getKey(), out, context);
                JsonTypedValue.write(entry.getValue(), out, context);
                out.writeEndArray();
            }
        };
    }

    static ValueDeserializer<Object> reader(Class<?> type) {
        return new JsonTypedDeserializer() {
            @Override
            public Object deserialize(JsonParser parser, DeserializationContext context) {
                parser.nextToken();
                Object key = JsonTypedValue.read(parser, context);
                parser.nextToken();
                Object value = JsonTypedValue.read(parser, context);
                if (parser.nextToken() != JsonToken.END_ARRAY) {
                    throw new UnregisteredTypeException("the stored entry is malformed");
                }
                return type == AbstractMap.SimpleEntry.class
                        ? new AbstractMap.SimpleEntry<>(key, value)
                        : new AbstractMap.SimpleImmutableEntry<>(key, value);
            }
        };
    }
}
