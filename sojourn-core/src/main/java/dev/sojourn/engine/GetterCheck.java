package dev.sojourn.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import tools.jackson.databind.introspect.AnnotatedMethod;

/**
 * Whether the getters of an object tell what its fields hold: the very same object, or the same number. One that hides or copies
 * may be right or wrong, so then the value is compared. One handle for all of them, as this is asked at every set.
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
     * Returns whether all getters tell what is kept.
     *
     * @throws Refusal if one of them fails
     */
    boolean holdsFor(Object bean) {
        try {
            return (boolean) all.invokeExact(bean);
        } catch (Throwable e) {
            if (e instanceof Error error) {
                throw error;
            }
            throw new ValueRefusal("one of its methods that tell what it holds fails ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    @SuppressWarnings({"unused", "ReferenceEquality"}) // the handles' own
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
