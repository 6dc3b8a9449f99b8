package dev.sojourn.tools.values;

import java.lang.reflect.Type;
import java.util.Random;

/** A type, and where its values come from. */
public interface ValueGenerator {
    /**
     * Returns the type that the values are put in as.
     *
     * @return the type, with its arguments
     */
    Type type();

    /**
     * Returns a value.
     *
     * @param random where choices come from
     * @return a value of the type
     */
    Object next(Random random);

    /**
     * Returns a value together with its type.
     *
     * @param random where choices come from
     * @return the sample
     */
    default Sample sample(Random random) {
        return new Sample(next(random), type());
    }
}
