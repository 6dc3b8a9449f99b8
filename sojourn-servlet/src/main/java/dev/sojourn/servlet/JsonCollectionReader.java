package dev.sojourn.servlet;

import dev.sojourn.servlet.JsonMapReader.Header;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/** Reads the JSON of {@link JsonCollectionWriter}, for collections that are created from all their elements. */
final class JsonCollectionReader extends ValueDeserializer<Object> {
    private final JavaType type;
    private final Factory factory;

    /** Creates a collection from its elements. */
    @FunctionalInterface
    interface Factory {
        Object create(Header header, List<Object> elements);
    }

    JsonCollectionReader(JavaType type, Factory factory) {
        this.type = type;
        this.factory = factory;
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return factory.create(Header.NONE, readElements(parser, context, type.getContentType()));
        }
        Header header = Header.NONE;
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case JsonMapWriter.BY -> header = new Header(JsonComparatorCodec.read(parser, context), null);
                case JsonMapWriter.OF -> header = new Header(null, parser.getString());
                case JsonCollectionWriter.IN ->
                    elements = readElements(parser, context, context.constructType(Object.class));
                default -> throw new UnregisteredTypeException("the stored collection is malformed");
            }
        }
        return factory.create(header, elements);
    }

    @SuppressWarnings("unchecked") // the field's declared type
    private static List<Object> readElements(JsonParser parser, DeserializationContext context, JavaType content) {
        JavaType elements = context.getTypeFactory().constructCollectionType(ArrayList.class, content);
        return (List<Object>)
                context.findContextualValueDeserializer(elements, null).deserialize(parser, context);
    }

    @Override
    public Object deserializeWithType(JsonParser parser, DeserializationContext context, TypeDeserializer types) {
        return types.deserializeTypedFromAny(parser, context);
    }
}
