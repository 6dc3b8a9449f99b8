package dev.sojourn.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import tools.jackson.databind.introspect.AnnotatedMethod;

/**
 * Checks whether the getters of an object return exactly what its fields hold: the same object, or the same number. A
 * getter that hides or copies may be right or wrong, so then the value is compared. Uses one combined handle, because
 * every set calls it.
 */
final class GetterCheck {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodHandle ALWAYS =
            MethodHandles.dropArguments(MethodHandles.constant(boolean.class, true), 0, Object.class);
    private static final MethodHandle NEVER =
            MethodHandles.dropArguments(MethodHandles.constant(boolean.class, false), 0, Object.class);

    private final MethodHandle all;

    private GetterCheck(MethodHandle all) {
        this.all = all;
    }

    static GetterCheck of(List<Beans.Property> properties) {
        MethodHandle all = ALWAYS;
        for (Beans.Property property : properties) {
            Field field = property.field();
            if (field != null && property.writer().getMember() instanceof AnnotatedMethod getter) {
                all = MethodHandles.guardWithTest(of(getter.getAnnotated(), field), all, NEVER);
            }
        }
        return new GetterCheck(all);
    }

    private static MethodHandle of(Method getter, Field field) {
        try {
            getter.setAccessible(true);
            Class<?> kind = field.getType().isPrimitive() ? field.getType() : Object.class;
            if (kind.isPrimitive() && getter.getReturnType() != kind) {
                return NEVER;
            }
            MethodHandle told = LOOKUP.unreflect(getter).asType(MethodType.methodType(kind, Object.class));
            MethodHandle kept = LOOKUP.unreflectGetter(field).asType(MethodType.methodType(kind, Object.class));
            MethodHandle same =
                    LOOKUP.findStatic(GetterCheck.class, "same", MethodType.methodType(boolean.class, kind, kind));
            return MethodHandles.permuteArguments(
                    MethodHandles.filterArguments(same, 0, told, kept),
                    MethodType.methodType(boolean.class, Object.class),
                    0,
                    0);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return NEVER;
        }
    }

    /**
     * Returns whether all getters return the contents of their fields.
     *
     * @throws ValueRefusal if one of them fails
     */
    boolean holdsFor(Object bean) {
        try {
            return (boolean) all.invokeExact(bean);
        } catch (Throwable e) {
            if (e instanceof Error error) {
                throw error;
            }
            throw new ValueRefusal("one of its getters fails (" + e.getClass().getSimpleName() + ")");
        }
    }

    @SuppressWarnings({"unused", "ReferenceEquality"}) // called through method handles
    private static boolean same(Object told, Object kept) {
        return told == kept;
    }

    @SuppressWarnings("unused")
    private static boolean same(int told, int kept) {
        return told == kept;
    }

    @SuppressWarnings("unused")
    private static boolean same(long told, long kept) {
        return told == kept;
    }

    @SuppressWarnings("unused")
    private static boolean same(short told, short kept) {
        return told == kept;
    }

    @SuppressWarnings("unused")
    private static boolean same(byte told, byte kept) {
        return told == kept;
    }

    @SuppressWarnings("unused")
    private static boolean same(char told, char kept) {
        return told == kept;
    }

    @SuppressWarnings("unused")
    private static boolean same(boolean told, boolean kept) {
        return told == kept;
    }

    @SuppressWarnings("unused")
    private static boolean same(float told, float kept) {
        return Float.floatToRawIntBits(told) == Float.floatToRawIntBits(kept);
    }

    @SuppressWarnings("unused")
    private static boolean same(double told, double kept) {
        return Double.doubleToRawLongBits(told) == Double.doubleToRawLongBits(kept);
    }
}
