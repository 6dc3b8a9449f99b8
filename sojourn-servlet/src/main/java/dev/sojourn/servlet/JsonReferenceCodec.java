package dev.sojourn.servlet;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/**
 * Writes and reads {@code Optional} and {@code AtomicReference} as an array of their content, so that an empty one, a null reference and
 * one that contains null stay distinct.
 */
final class JsonReferenceCodec {
    private JsonReferenceCodec() {}

    static ValueSerializer<Object> writer() {
        return new Writer();
    }

    static ValueDeserializer<Object> reader(JavaType type) {
        return type.hasRawClass(Optional.class)
                ? new Reader(type, Optional::ofNullable, Optional.empty())
                : new Reader(type, inside -> new AtomicReference<@Nullable Object>(inside), null);
    }

    private static final class Writer extends JsonTypedSerializer {
        @Override
        public void serialize(Object value, JsonGenerator out, SerializationContext context) {
            Object inside =
                    value instanceof Optional<?> optional ? optional.orElse(null) : ((AtomicReference<?>) value).get();
            out.writeStartArray();
            if (inside != null) {
                JsonTypedValue.write(inside, out, context);
            }
            out.writeEndArray();
        }
    }

    private static final class Reader extends ValueDeserializer<Object> {
        private final JavaType type;
        private final Function<@Nullable Object, Object> factory;
        private final @Nullable Object absent;

        Reader(JavaType type, Function<@Nullable Object, Object> factory, @Nullable Object absent) {
            this.type = type;
            this.factory = factory;
            this.absent = absent;
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                // Earlier versions wrote the content by the type that the field declares.
                JavaType content =
                        type.getContentType() == null ? context.constructType(Object.class) : type.getContentType();
                return factory.apply(context.readValue(parser, content));
            }
            Object inside = null;
            if (parser.nextToken() != JsonToken.END_ARRAY) {
                inside = JsonTypedValue.read(parser, context);
                if (parser.nextToken() != JsonToken.END_ARRAY) {
                    throw new UnregisteredTypeException("a reference to more than one value");
                }
            }
            return factory.apply(inside);
        }

        @Override
        public Object deserializeWithType(JsonParser parser, DeserializationContext context, TypeDeserializer types) {
            Object read = types.deserializeTypedFromAny(parser, context);
            // Earlier versions wrote the type name of the content.
            return type.getRawClass().isInstance(read) ? read : factory.apply(read);
        }

        /** Returns the value of a field that was added to its class after the JSON was written. */
        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return absent;
        }
    }
}
