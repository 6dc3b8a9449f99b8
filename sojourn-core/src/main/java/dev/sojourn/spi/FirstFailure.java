package dev.sojourn.spi;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the first failure of several steps, so that the remaining steps run before it is thrown: in a sweep, one record
 * whose delivery fails does not keep the others from being reported. Not thread-safe.
 */
public final class FirstFailure {
    private @Nullable RuntimeException first;
    private int count;

    /** Creates an object for steps of which none has failed. */
    public FirstFailure() {}

    /**
     * Runs a step. Keeps its exception if it is the first; a later one is only counted. An {@link Error} is thrown at
     * once.
     *
     * @param step the step
     * @return whether the step completed without an exception
     */
    public boolean attempt(Runnable step) {
        try {
            step.run();
            return true;
        } catch (RuntimeException e) {
            count++;
            if (first == null) {
                first = e;
            }
            return false;
        }
    }

    /**
     * Returns how many steps failed.
     *
     * @return the number; 0 if all steps completed
     */
    public int count() {
        return count;
    }

    /**
     * Returns the exception of the first step that failed.
     *
     * @return the exception; null if no step failed
     */
    public @Nullable RuntimeException exception() {
        return first;
    }

    /** Throws the exception of the first step that failed. Does nothing if no step failed. */
    public void throwIfAny() {
        if (first != null) {
            throw first;
        }
    }
}
