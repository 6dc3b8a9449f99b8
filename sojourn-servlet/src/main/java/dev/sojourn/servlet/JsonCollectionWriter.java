package dev.sojourn.servlet;

import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.PriorityQueue;
import java.util.SortedSet;
import java.util.concurrent.PriorityBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * Writes collections: as an array, or as an object if a collection also needs its comparator or the enum of its elements to be read.
 *
 * <pre>
 * ["a","b"]
 * {"by":"reverse","in":["b","a"]}
 * {"of":"DayOfWeek","in":[["DayOfWeek","MONDAY"]]}
 * </pre>
 */
final class JsonCollectionWriter extends ValueSerializer<Object> {
    static final String IN = "in";

    private final ValueSerializer<Object> plain;
    private final JsonEnumTypes enumTypes;

    JsonCollectionWriter(ValueSerializer<Object> plain, JsonEnumTypes enumTypes) {
        this.plain = plain;
        this.enumTypes = enumTypes;
    }

    static @Nullable Comparator<?> comparator(Object value) {
        if (value instanceof SortedSet<?> sorted) {
            return sorted.comparator();
        }
        if (value instanceof PriorityQueue<?> queue) {
            return queue.comparator();
        }
        return value instanceof PriorityBlockingQueue<?> queue ? queue.comparator() : null;
    }

    private static boolean isPlain(Object value) {
        return !(value instanceof EnumSet) && comparator(value) == null;
    }

    @Override
    public void resolve(SerializationContext context) {
        plain.resolve(context);
    }

    @Override
    public ValueSerializer<?> createContextual(SerializationContext context, @Nullable BeanProperty property) {
        @SuppressWarnings("unchecked") // serializes the same values
        ValueSerializer<Object> contextual = (ValueSerializer<Object>) plain.createContextual(context, property);
        return contextual == plain ? this : new JsonCollectionWriter(contextual, enumTypes);
    }

    @Override
    public void serialize(Object value, JsonGenerator out, SerializationContext context) {
        if (isPlain(value)) {
            plain.serialize(value, out, context);
        } else {
            out.writeStartObject();
            writeMembers((Collection<?>) value, out, context);
            out.writeEndObject();
        }
    }

    @Override
    public void serializeWithType(Object value, JsonGenerator out, SerializationContext context, TypeSerializer types) {
        if (isPlain(value)) {
            plain.serializeWithType(value, out, context, types);
        } else {
            WritableTypeId id = types.writeTypePrefix(out, context, types.typeId(value, JsonToken.START_OBJECT));
            writeMembers((Collection<?>) value, out, context);
            types.writeTypeSuffix(out, context, id);
        }
    }

    private void writeMembers(Collection<?> value, JsonGenerator out, SerializationContext context) {
        Comparator<?> order = comparator(value);
        if (order != null) {
            out.writeName(JsonMapWriter.BY);
            JsonComparatorCodec.write(order, out, context);
        } else {
            out.writeName(JsonMapWriter.OF);
            out.writeString(enumTypes.elementTypeName((EnumSet<?>) value));
        }
        out.writeName(IN);
        out.writeStartArray();
        value.forEach(each -> JsonTypedValue.write(each, out, context));
        out.writeEndArray();
    }

    @Override
    public boolean isEmpty(SerializationContext context, Object value) {
        return ((Collection<?>) value).isEmpty();
    }
}
