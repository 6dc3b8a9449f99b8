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
 * Maps: as an object where all keys are texts, and otherwise as a list of pairs, in which each key says its type. What a map needs to be
 * made, its comparator or the enum of its keys, stands before the pairs.
 *
 * <pre>
 * {"a":1,"b":2}
 * [[7,1],[["Long",8],2]]
 * [{"by":"ignore-case"},["a",1]]
 * [{"of":"DayOfWeek"},[["DayOfWeek","MONDAY"],1]]
 * </pre>
 */
final class MapWriter extends ValueSerializer<Object> {
    static final String BY = "by";
    static final String OF = "of";

    private final ValueSerializer<Object> plain;
    private final Enums enums;

    MapWriter(ValueSerializer<Object> plain, Enums enums) {
        this.plain = plain;
        this.enums = enums;
    }

    @Override
    public void resolve(SerializationContext context) {
        plain.resolve(context);
    }

    @Override
    public ValueSerializer<?> createContextual(SerializationContext context, @Nullable BeanProperty property) {
        @SuppressWarnings("unchecked") // of the same values
        ValueSerializer<Object> contextual = (ValueSerializer<Object>) plain.createContextual(context, property);
        return contextual == plain ? this : new MapWriter(contextual, enums);
    }

    private static boolean isPlain(Map<?, ?> map) {
        if (map instanceof EnumMap || (map instanceof SortedMap<?, ?> sorted && sorted.comparator() != null)) {
            return false;
        }
        return areTexts(map.keySet()) && (!(map instanceof Properties) || areTexts(map.values()));
    }

    private static boolean areTexts(Collection<?> all) {
        for (Object each : all) {
            if (!(each instanceof String)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void serialize(Object value, JsonGenerator out, SerializationContext context) {
        check(value);
        if (isPlain((Map<?, ?>) value)) {
            plain.serialize(value, out, context);
        } else {
            out.writeStartArray();
            pairs((Map<?, ?>) value, out, context);
            out.writeEndArray();
        }
    }

    @Override
    public void serializeWithType(Object value, JsonGenerator out, SerializationContext context, TypeSerializer types) {
        check(value);
        if (isPlain((Map<?, ?>) value)) {
            plain.serializeWithType(value, out, context, types);
        } else {
            WritableTypeId id = types.writeTypePrefix(out, context, types.typeId(value, JsonToken.START_ARRAY));
            pairs((Map<?, ?>) value, out, context);
            types.writeTypeSuffix(out, context, id);
        }
    }

    /** Defaults stand behind properties where only a look by a name finds them. */
    private static void check(Object value) {
        if (value instanceof Properties properties
                && properties.stringPropertyNames().stream().anyMatch(name -> !properties.containsKey(name))) {
            throw new UnregisteredTypeException("Properties with defaults would come back without them;"
                    + " put them all into Properties without defaults");
        }
    }

    private void pairs(Map<?, ?> map, JsonGenerator out, SerializationContext context) {
        head(map, out, context);
        map.forEach((key, value) -> {
            out.writeStartArray();
            Anything.write(key, out, context);
            Anything.write(value, out, context);
            out.writeEndArray();
        });
    }

    private void head(Map<?, ?> map, JsonGenerator out, SerializationContext context) {
        if (map instanceof EnumMap<?, ?> byEnum) {
            out.writeStartObject();
            out.writeName(OF);
            out.writeString(enums.keysOf(byEnum));
            out.writeEndObject();
        } else if (map instanceof SortedMap<?, ?> sorted && sorted.comparator() != null) {
            out.writeStartObject();
            out.writeName(BY);
            Orders.write(sorted.comparator(), out, context);
            out.writeEndObject();
        }
    }

    @Override
    public boolean isEmpty(SerializationContext context, Object value) {
        return ((Map<?, ?>) value).isEmpty();
    }
}
