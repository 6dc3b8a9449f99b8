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

/** Writes a value of the application's, and notes its class where no value of that was read back yet. */
final class Noted extends ValueSerializer<Object> {
    private final ValueSerializer<Object> inner;
    private final Class<?> type;
    private final Set<Class<?>> proven;
    /** Whether the JSON of one value says something of that of the next: it does for fields, not for texts that a type makes. */
    private final boolean provable;

    Noted(ValueSerializer<Object> inner, Class<?> type, Set<Class<?>> proven, boolean provable) {
        this.inner = inner;
        this.type = type;
        this.proven = proven;
        this.provable = provable;
    }

    /** Classes that a value holds, and of which none was read back yet. */
    static final class Notes {
        private Set<Class<?>> toProve = Set.of();

        Set<Class<?>> toProve() {
            return toProve;
        }

        private void add(Class<?> type) {
            if (toProve.isEmpty()) {
                toProve = new LinkedHashSet<>();
            }
            toProve.add(type);
        }
    }

    private void note(SerializationContext context) {
        if (!provable || !proven.contains(type)) {
            Object notes = context.getAttribute(Notes.class);
            if (notes instanceof Notes wanted) {
                wanted.add(type);
            }
        }
    }

    @Override
    public void serialize(Object value, JsonGenerator out, SerializationContext context) {
        note(context);
        inner.serialize(value, out, context);
    }

    @Override
    public void serializeWithType(Object value, JsonGenerator out, SerializationContext context, TypeSerializer types) {
        note(context);
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
        return contextual == inner ? this : new Noted((ValueSerializer<Object>) contextual, type, proven, provable);
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
