package dev.sojourn.tools.values;

import java.lang.reflect.Type;

/**
 * A value for a session.
 *
 * @param value the value
 * @param type the type under which it is put in: its class, or the declared type if the class is not precise enough
 */
public record Sample(Object value, Type type) {
    /** Returns the types only: a value may be large, or its {@code toString} may throw. */
    @Override
    public String toString() {
        return value.getClass().getName() + " as " + type.getTypeName();
    }
}
