package dev.sojourn.servlet;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serial;
import java.util.Collection;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.impl.AsArrayTypeDeserializer;
import tools.jackson.databind.jsontype.impl.DefaultTypeResolverBuilder;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;

/** Jackson's default typing with registered names instead of class names: no class name is written, and none is read. */
final class JsonTypeResolver extends DefaultTypeResolverBuilder {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient JsonTypeNames names;

    JsonTypeResolver(JsonTypeNames names) {
        super(new NamesOnly(), DefaultTyping.NON_FINAL_AND_ENUMS, JsonTypeInfo.As.WRAPPER_ARRAY);
        this.names = names;
    }

    @Override
    protected TypeIdResolver idResolver(
            DatabindContext context,
            JavaType base,
            PolymorphicTypeValidator validator,
            Collection<NamedType> subtypes,
            boolean writing,
            boolean reading) {
        return new Resolver(names, base);
    }

    /** Lets strings, numbers and booleans be read without a type name if the declared type allows their class. */
    @Override
    public TypeDeserializer buildTypeDeserializer(
            DeserializationContext context, JavaType base, Collection<NamedType> subtypes) {
        TypeDeserializer types = super.buildTypeDeserializer(context, base, subtypes);
        return types instanceof AsArrayTypeDeserializer
                ? new UntypedValueDeserializer(base, types.getTypeIdResolver(), types.getPropertyName())
                : types;
    }

    private static final class UntypedValueDeserializer extends AsArrayTypeDeserializer {
        UntypedValueDeserializer(JavaType base, TypeIdResolver names, String property) {
            super(base, names, property, false, null);
        }

        private UntypedValueDeserializer(UntypedValueDeserializer before, BeanProperty property) {
            super(before, property);
        }

        @Override
        public TypeDeserializer forProperty(BeanProperty property) {
            return property == _property ? this : new UntypedValueDeserializer(this, property);
        }

        @Override
        protected Object _deserialize(JsonParser parser, DeserializationContext context) {
            Object natural = parser.currentToken() == null
                    ? null
                    : switch (parser.currentToken()) {
                        case VALUE_STRING -> parser.getString();
                        case VALUE_TRUE -> true;
                        case VALUE_FALSE -> false;
                        case VALUE_NUMBER_INT -> parser.getNumberValue();
                        case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
                        default -> null;
                    };
            return natural == null || !_baseType.getRawClass().isInstance(natural)
                    ? super._deserialize(parser, context)
                    : natural;
        }
    }

    private static final class Resolver extends TypeIdResolverBase {
        @Serial
        private static final long serialVersionUID = 1L;

        private final transient JsonTypeNames names;

        Resolver(JsonTypeNames names, JavaType base) {
            super(base);
            this.names = names;
        }

        @Override
        public String idFromValue(DatabindContext context, Object value) {
            return names.nameOf(value.getClass());
        }

        @Override
        public String idFromValueAndType(DatabindContext context, Object value, Class<?> suggested) {
            return names.nameOf(value == null ? suggested : value.getClass());
        }

        /** Keeps the type arguments of the declared type: the name of a list does not repeat the type of its elements. */
        @Override
        public JavaType typeFromId(DatabindContext context, String id) {
            Class<?> type = names.typeOf(id);
            if (type == Object.class) {
                throw new UnregisteredTypeException("a type that is not registered");
            }
            return _baseType.isTypeOrSuperTypeOf(type) && !_baseType.isJavaLangObject()
                    ? context.constructSpecializedType(_baseType, type)
                    : context.constructType(type);
        }

        @Override
        public String getDescForKnownTypeIds() {
            return "registered types";
        }

        @Override
        public JsonTypeInfo.Id getMechanism() {
            return JsonTypeInfo.Id.CUSTOM;
        }
    }

    /** Rejects everything that Jackson would look up by class name; {@link Resolver} alone decides. */
    private static final class NamesOnly extends PolymorphicTypeValidator {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public Validity validateBaseType(DatabindContext context, JavaType base) {
            return Validity.INDETERMINATE;
        }

        @Override
        public Validity validateSubClassName(DatabindContext context, JavaType base, String name) {
            return Validity.DENIED;
        }

        @Override
        public Validity validateSubType(DatabindContext context, JavaType base, JavaType subtype) {
            return Validity.DENIED;
        }
    }
}
