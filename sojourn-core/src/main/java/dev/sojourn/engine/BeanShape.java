package dev.sojourn.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ser.BeanPropertyWriter;

/**
 * The shape of a class whose state is in properties that are written and read back, each field in one. Its constructors
 * and methods may still alter their arguments, so its first values are read back and compared.
 */
final class BeanShape implements Shape {
    private static final int ENOUGH = 3;

    private final Class<?> type;
    private final GetterCheck getters;
    private final int size;
    private final Part[] parts;
    private final AtomicInteger proofs = new AtomicInteger();

    /**
     * @param getters whether its getters return the contents of its fields
     * @param size how many properties it has
     * @param parts the properties whose values have to be inspected: a text or a number always survives
     */
    BeanShape(Class<?> type, GetterCheck getters, int size, List<Part> parts) {
        this.type = type;
        this.getters = getters;
        this.size = size;
        this.parts = parts.toArray(Part[]::new);
    }

    /** One property. Read through a handle, which is faster than reflection: every set reads it. */
    static final class Part {
        private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
        private static final MethodType READ = MethodType.methodType(Object.class, Object.class);

        private final BeanPropertyWriter property;
        private final MethodHandle reader;
        private final Shape shape;

        Part(BeanPropertyWriter property, Shape shape) {
            this.property = property;
            this.reader = reader(property);
            this.shape = shape;
        }

        private static MethodHandle reader(BeanPropertyWriter property) {
            try {
                Member member = property.getMember().getMember();
                MethodHandle direct = member instanceof Method getter
                        ? LOOKUP.unreflect(getter)
                        : LOOKUP.unreflectGetter((Field) member);
                return direct.asType(READ);
            } catch (IllegalAccessException | RuntimeException e) {
                return byReflection(property);
            }
        }

        /** Some properties are computed, or belong to a class that only the mapper may open. */
        private static MethodHandle byReflection(BeanPropertyWriter property) {
            try {
                return LOOKUP.bind(property, "get", READ);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        private @Nullable Object read(Object bean) {
            try {
                return reader.invokeExact(bean);
            } catch (Error e) {
                throw e;
            } catch (Throwable e) {
                throw new ValueRefusal("its method or field for '" + property.getName() + "' cannot be read ("
                        + e.getClass().getSimpleName() + ")");
            }
        }

        boolean survives(Object bean, ValueInspection inspection) {
            Object value = read(bean);
            if (value == null && property.willSuppressNulls()) {
                return false;
            }
            try {
                return shape.survives(value, inspection);
            } catch (ValueRefusal e) {
                throw e.within("." + property.getName());
            }
        }
    }

    @Override
    public boolean survives(@Nullable Object value, ValueInspection inspection) {
        if (value == null) {
            return true;
        }
        if (value.getClass() != type) {
            return false;
        }
        inspection.enter(size);
        boolean survives = true;
        for (Part part : parts) {
            survives &= part.survives(value, inspection);
        }
        inspection.leave();
        if (proofs.get() < ENOUGH) {
            inspection.addUnproven(this);
            return false;
        }
        return survives && getters.holdsFor(value);
    }

    void addProof() {
        if (proofs.get() < ENOUGH) {
            proofs.incrementAndGet();
        }
    }
}
