package dev.sojourn.servlet;

import dev.sojourn.servlet.MapReader.Head;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/** What {@link CollectionWriter} wrote, for collections that are made of their elements at once. */
final class CollectionReader extends ValueDeserializer<Object> {
    private final JavaType type;
    private final Made made;

    /** How a collection is made of its elements. */
    @FunctionalInterface
    interface Made {
        Object of(Head head, List<Object> elements);
    }

    CollectionReader(JavaType type, Made made) {
        this.type = type;
        this.made = made;
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return made.of(Head.NONE, elements(parser, context, type.getContentType()));
        }
        Head head = Head.NONE;
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case MapWriter.BY -> head = new Head(Orders.read(parser, context), null);
                case MapWriter.OF -> head = new Head(null, parser.getString());
                case CollectionWriter.IN -> elements = elements(parser, context, context.constructType(Object.class));
                default -> throw new UnregisteredTypeException("a collection that is none");
            }
        }
        return made.of(head, elements);
    }

    @SuppressWarnings("unchecked") // of whatever the field declares
    private static List<Object> elements(JsonParser parser, DeserializationContext context, JavaType content) {
        JavaType elements = context.getTypeFactory().constructCollectionType(ArrayList.class, content);
        return (List<Object>)
                context.findContextualValueDeserializer(elements, null).deserialize(parser, context);
    }

    @Override
    public Object deserializeWithType(JsonParser parser, DeserializationContext context, TypeDeserializer types) {
        return types.deserializeTypedFromAny(parser, context);
    }
}
