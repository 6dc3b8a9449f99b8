package dev.sojourn.servlet;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/** What {@link MapWriter} wrote. */
final class MapReader extends ValueDeserializer<Object> {
    private final JavaType type;
    private final Made made;
    private final @Nullable ValueDeserializer<Object> plain;

    /** How a map is made of its entries. */
    @FunctionalInterface
    interface Made {
        Object of(Head head, Map<Object, Object> entries, DeserializationContext context);
    }

    /**
     * What stands before the pairs.
     *
     * @param order the comparator, or null for none
     * @param keys the name of the keys' enum, or null
     */
    record Head(
            @Nullable Comparator<Object> order, @Nullable String keys) {
        static final Head NONE = new Head(null, null);
    }

    /**
     * A reader of maps of a type.
     *
     * @param type the type
     * @param plain reads an object as this very map; null where a map is made of what was read
     * @param made makes a map of entries
     */
    MapReader(JavaType type, @Nullable ValueDeserializer<Object> plain, Made made) {
        this.type = type;
        this.plain = plain;
        this.made = made;
    }

    /** Whether a text may be all that there is of a key; those of the application's classes are written as pairs. */
    static boolean hasKeysOfTexts(JavaType type) {
        return type.getKeyType().isEnumType()
                || TypeNames.isPlatform(type.getKeyType().getRawClass());
    }

    @Override
    public void resolve(DeserializationContext context) {
        if (plain != null) {
            plain.resolve(context);
        }
    }

    @Override
    public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
        if (plain == null) {
            return this;
        }
        @SuppressWarnings("unchecked") // of the same values
        ValueDeserializer<Object> contextual = (ValueDeserializer<Object>) plain.createContextual(context, property);
        return new MapReader(type, contextual, made);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            return pairs(parser, context);
        }
        return plain == null
                ? made.of(Head.NONE, entries(parser, context), context)
                : plain.deserialize(parser, context);
    }

    /** By the types of keys and values that the field declares. */
    @SuppressWarnings("unchecked") // of whatever the field declares
    private Map<Object, Object> entries(JsonParser parser, DeserializationContext context) {
        JavaType key = type.getKeyType();
        JavaType entries = context.getTypeFactory()
                .constructMapType(
                        LinkedHashMap.class,
                        hasKeysOfTexts(type) ? key : context.constructType(Object.class),
                        type.getContentType());
        return (Map<Object, Object>)
                context.findContextualValueDeserializer(entries, null).deserialize(parser, context);
    }

    private Object pairs(JsonParser parser, DeserializationContext context) {
        Head head = Head.NONE;
        Map<Object, Object> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT && entries.isEmpty()) {
                head = head(parser, context);
                continue;
            }
            expect(parser.currentToken() == JsonToken.START_ARRAY);
            parser.nextToken();
            Object key = Anything.read(parser, context);
            parser.nextToken();
            Object value = Anything.read(parser, context);
            expect(parser.nextToken() == JsonToken.END_ARRAY);
            entries.put(key, value);
        }
        return made.of(head, entries, context);
    }

    private static Head head(JsonParser parser, DeserializationContext context) {
        Head head = Head.NONE;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals(MapWriter.BY)) {
                head = new Head(Orders.read(parser, context), head.keys());
            } else {
                expect(name.equals(MapWriter.OF));
                head = new Head(head.order(), parser.getString());
            }
        }
        return head;
    }

    private static void expect(boolean met) {
        if (!met) {
            throw new UnregisteredTypeException("a map that is none");
        }
    }

    @Override
    public Object deserializeWithType(JsonParser parser, DeserializationContext context, TypeDeserializer types) {
        return types.deserializeTypedFromAny(parser, context);
    }
}
