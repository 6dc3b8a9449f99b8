package dev.sojourn.servlet;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.PropertyWriter;
import tools.jackson.databind.util.NameTransformer;

/** Writes values of one class of the application, and tracks the class until a value of it has been read back. */
final class JsonRoundTripTracker extends ValueSerializer<Object> {
    private final ValueSerializer<Object> inner;
    private final Class<?> type;
    private final Set<Class<?>> verified;

    /**
     * Creates a tracker.
     *
     * @param verified the classes of which a value has been read back; without this class, if every value must be read back
     */
    JsonRoundTripTracker(ValueSerializer<Object> inner, Class<?> type, Set<Class<?>> verified) {
        this.inner = inner;
        this.type = type;
        this.verified = verified;
    }

    /** The classes inside a value of which no value has been read back yet. */
    static final class UnverifiedTypes {
        private Set<Class<?>> types = Set.of();

        Set<Class<?>> types() {
            return types;
        }

        private void add(Class<?> type) {
            if (types.isEmpty()) {
                types = new LinkedHashSet<>();
            }
            types.add(type);
        }
    }

    private void track(SerializationContext context) {
        if (!verified.contains(type)) {
            Object notes = context.getAttribute(UnverifiedTypes.class);
            if (notes instanceof UnverifiedTypes wanted) {
                wanted.add(type);
            }
        }
    }

    @Override
    public void serialize(Object value, JsonGenerator out, SerializationContext context) {
        track(context);
        inner.serialize(value, out, context);
    }

    @Override
    public void serializeWithType(Object value, JsonGenerator out, SerializationContext context, TypeSerializer types) {
        track(context);
        inner.serializeWithType(value, out, context, types);
    }

    @Override
    public void resolve(SerializationContext context) {
        inner.resolve(context);
    }

    @Override
    @SuppressWarnings("unchecked") // of the same values
    public ValueSerializer<?> createContextual(SerializationContext context, @Nullable BeanProperty property) {
        ValueSerializer<?> contextual = inner.createContextual(context, property);
        return contextual == inner
                ? this
                : new JsonRoundTripTracker((ValueSerializer<Object>) contextual, type, verified);
    }

    @Override
    public ValueSerializer<Object> unwrappingSerializer(NameTransformer unwrapper) {
        return inner.unwrappingSerializer(unwrapper);
    }

    @Override
    public boolean isEmpty(SerializationContext context, Object value) {
        return inner.isEmpty(context, value);
    }

    @Override
    public boolean usesObjectId() {
        return inner.usesObjectId();
    }

    @Override
    public Iterator<PropertyWriter> properties() {
        return inner.properties();
    }
}
