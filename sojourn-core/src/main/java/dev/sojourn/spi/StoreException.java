package dev.sojourn.spi;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a store cannot answer. It distinguishes two very different cases: {@link #isNotDone()}, the call
 * certainly had no effect and never will, or {@link #isUnknown()}, the call may have taken effect, may still do so, or
 * not.
 *
 * <p>"Absent" and "changed concurrently" are results of {@link SessionStore}, never exceptions.
 */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whether the call certainly had no effect. */
    private final boolean notDone;

    private StoreException(boolean notDone, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.notDone = notDone;
    }

    /**
     * Creates an exception for a call that certainly had no effect: refused, no connection, pool empty, store full,
     * serialization failure.
     *
     * @param message what happened and what to do; no key, no payload
     * @param cause the driver's own error, or null
     * @return the exception
     */
    public static StoreException notDone(String message, @Nullable Throwable cause) {
        return new StoreException(true, message, cause);
    }

    /**
     * Creates an exception for a call whose effect is unknown: the response was lost or came too late.
     *
     * @param message what happened and what to do; no key, no payload
     * @param cause the driver's own error, or null
     * @return the exception
     */
    public static StoreException unknown(String message, @Nullable Throwable cause) {
        return new StoreException(false, message, cause);
    }

    /**
     * Returns whether the call certainly had no effect.
     *
     * @return true if nothing was changed and nothing will be
     */
    public boolean isNotDone() {
        return notDone;
    }

    /**
     * Returns whether the call may have had its effect, or may still have it later.
     *
     * @return the opposite of {@link #isNotDone()}
     */
    public boolean isUnknown() {
        return !notDone;
    }
}
