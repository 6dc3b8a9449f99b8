package dev.sojourn.tools.values;

import java.lang.reflect.Type;

/**
 * A value to be put into a session.
 *
 * @param value the value
 * @param type the type that it is put in as: its class, or the declared type where the class alone says too little
 */
public record Sample(Object value, Type type) {
    /** Shows the types; a value may be large, or refuse to be shown. */
    @Override
    public String toString() {
        return value.getClass().getName() + " as " + type.getTypeName();
    }
}
