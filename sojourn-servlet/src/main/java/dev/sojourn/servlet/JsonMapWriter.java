package dev.sojourn.servlet;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * Writes maps: as an object if all keys are strings, otherwise as an array of pairs in which each key has its type name. If a map also
 * needs its comparator or the enum of its keys to be read, that comes before the pairs.
 *
 * <pre>
 * {"a":1,"b":2}
 * [[7,1],[["Long",8],2]]
 * [{"by":"ignore-case"},["a",1]]
 * [{"of":"DayOfWeek"},[["DayOfWeek","MONDAY"],1]]
 * </pre>
 */
final class JsonMapWriter extends ValueSerializer<Object> {
    static final String BY = "by";
    static final String OF = "of";

    private final ValueSerializer<Object> plain;
    private final JsonEnumTypes enumTypes;

    JsonMapWriter(ValueSerializer<Object> plain, JsonEnumTypes enumTypes) {
        this.plain = plain;
        this.enumTypes = enumTypes;
    }

    @Override
    public void resolve(SerializationContext context) {
        plain.resolve(context);
    }

    @Override
    public ValueSerializer<?> createContextual(SerializationContext context, @Nullable BeanProperty property) {
        @SuppressWarnings("unchecked") // of the same values
        ValueSerializer<Object> contextual = (ValueSerializer<Object>) plain.createContextual(context, property);
        return contextual == plain ? this : new JsonMapWriter(contextual, enumTypes);
    }

    private static boolean isPlain(Map<?, ?> map) {
        if (map instanceof EnumMap || (map instanceof SortedMap<?, ?> sorted && sorted.comparator() != null)) {
            return false;
        }
        return areStrings(map.keySet()) && (!(map instanceof Properties) || areStrings(map.values()));
    }

    private static boolean areStrings(Collection<?> all) {
        for (Object each : all) {
            if (!(each instanceof String)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void serialize(Object value, JsonGenerator out, SerializationContext context) {
        requireNoDefaults(value);
        if (isPlain((Map<?, ?>) value)) {
            plain.serialize(value, out, context);
        } else {
            out.writeStartArray();
            writePairs((Map<?, ?>) value, out, context);
            out.writeEndArray();
        }
    }

    @Override
    public void serializeWithType(Object value, JsonGenerator out, SerializationContext context, TypeSerializer types) {
        requireNoDefaults(value);
        if (isPlain((Map<?, ?>) value)) {
            plain.serializeWithType(value, out, context, types);
        } else {
            WritableTypeId id = types.writeTypePrefix(out, context, types.typeId(value, JsonToken.START_ARRAY));
            writePairs((Map<?, ?>) value, out, context);
            types.writeTypeSuffix(out, context, id);
        }
    }

    /** Rejects {@code Properties} with defaults, which only a lookup by name can find. */
    private static void requireNoDefaults(Object value) {
        if (value instanceof Properties properties
                && properties.stringPropertyNames().stream().anyMatch(name -> !properties.containsKey(name))) {
            throw new UnregisteredTypeException(
                    "Properties with defaults would lose them;" + " copy all entries into Properties without defaults");
        }
    }

    private void writePairs(Map<?, ?> map, JsonGenerator out, SerializationContext context) {
        writeHeader(map, out, context);
        map.forEach((key, value) -> {
            out.writeStartArray();
            JsonTypedValue.write(key, out, context);
            JsonTypedValue.write(value, out, context);
            out.writeEndArray();
        });
    }

    private void writeHeader(Map<?, ?> map, JsonGenerator out, SerializationContext context) {
        if (map instanceof EnumMap<?, ?> byEnum) {
            out.writeStartObject();
            out.writeName(OF);
            out.writeString(enumTypes.keyTypeName(byEnum));
            out.writeEndObject();
        } else if (map instanceof SortedMap<?, ?> sorted && sorted.comparator() != null) {
            out.writeStartObject();
            out.writeName(BY);
            JsonComparatorCodec.write(sorted.comparator(), out, context);
            out.writeEndObject();
        }
    }

    @Override
    public boolean isEmpty(SerializationContext context, Object value) {
        return ((Map<?, ?>) value).isEmpty();
    }
}
