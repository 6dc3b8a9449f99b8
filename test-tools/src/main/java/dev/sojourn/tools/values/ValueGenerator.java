package dev.sojourn.tools.values;

import java.lang.reflect.Type;
import java.util.Random;

/** Generates values of one type. */
public interface ValueGenerator {
    /**
     * Returns the type under which the values are put in.
     *
     * @return the type, with its arguments
     */
    Type type();

    /**
     * Returns a random value.
     *
     * @param random the source of all choices
     * @return a value of the type
     */
    Object next(Random random);

    /**
     * Returns a random value with its type.
     *
     * @param random the source of all choices
     * @return the sample
     */
    default Sample sample(Random random) {
        return new Sample(next(random), type());
    }
}
