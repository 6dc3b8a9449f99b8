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

/** Reads the JSON of {@link JsonMapWriter}. */
final class JsonMapReader extends ValueDeserializer<Object> {
    private final JavaType type;
    private final Factory factory;
    private final @Nullable ValueDeserializer<Object> plain;

    /** Creates a map from its entries. */
    @FunctionalInterface
    interface Factory {
        Object create(Header header, Map<Object, Object> entries, DeserializationContext context);
    }

    /**
     * The part of the JSON before the pairs.
     *
     * @param comparator the comparator, or null for none
     * @param enumName the name of the keys' enum, or null
     */
    record Header(
            @Nullable Comparator<Object> comparator,
            @Nullable String enumName) {
        static final Header NONE = new Header(null, null);
    }

    /**
     * Creates a reader of maps of a type.
     *
     * @param type the type
     * @param plain reads a JSON object as such a map; null if the factory creates the map
     * @param factory creates a map from entries
     */
    JsonMapReader(JavaType type, @Nullable ValueDeserializer<Object> plain, Factory factory) {
        this.type = type;
        this.plain = plain;
        this.factory = factory;
    }

    /** Returns whether keys of this type may be JSON names. Keys of the application's classes are written in pairs. */
    static boolean hasTextKeys(JavaType type) {
        return type.getKeyType().isEnumType()
                || JsonTypeNames.isPlatform(type.getKeyType().getRawClass());
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
        return new JsonMapReader(type, contextual, factory);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            return readPairs(parser, context);
        }
        return plain == null
                ? factory.create(Header.NONE, readEntries(parser, context), context)
                : plain.deserialize(parser, context);
    }

    /** Reads entries of the key and value types that the field declares. */
    @SuppressWarnings("unchecked") // the field's declared types
    private Map<Object, Object> readEntries(JsonParser parser, DeserializationContext context) {
        JavaType key = type.getKeyType();
        JavaType entries = context.getTypeFactory()
                .constructMapType(
                        LinkedHashMap.class,
                        hasTextKeys(type) ? key : context.constructType(Object.class),
                        type.getContentType());
        return (Map<Object, Object>)
                context.findContextualValueDeserializer(entries, null).deserialize(parser, context);
    }

    private Object readPairs(JsonParser parser, DeserializationContext context) {
        Header header = Header.NONE;
        Map<Object, Object> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT && entries.isEmpty()) {
                header = readHeader(parser, context);
                continue;
            }
            require(parser.currentToken() == JsonToken.START_ARRAY);
            parser.nextToken();
            Object key = JsonTypedValue.read(parser, context);
            parser.nextToken();
            Object value = JsonTypedValue.read(parser, context);
            require(parser.nextToken() == JsonToken.END_ARRAY);
            entries.put(key, value);
        }
        return factory.create(header, entries, context);
    }

    private static Header readHeader(JsonParser parser, DeserializationContext context) {
        Header header = Header.NONE;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals(JsonMapWriter.BY)) {
                header = new Header(JsonComparatorCodec.read(parser, context), header.enumName());
            } else {
                require(name.equals(JsonMapWriter.OF));
                header = new Header(header.comparator(), parser.getString());
            }
        }
        return header;
    }

    private static void require(boolean met) {
        if (!met) {
            throw new UnregisteredTypeException("the stored map is malformed");
        }
    }

    @Override
    public Object deserializeWithType(JsonParser parser, DeserializationContext context, TypeDeserializer types) {
        return types.deserializeTypedFromAny(parser, context);
    }
}
