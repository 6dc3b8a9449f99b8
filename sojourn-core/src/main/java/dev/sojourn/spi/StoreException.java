package dev.sojourn.spi;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a store is unavailable: it did not respond, or it refused a call. It distinguishes two very different
 * cases: {@link #isNotDone()}, the call certainly had no effect and never will, or {@link #isUnknown()}, the call may
 * have taken effect, may still do so, or not.
 *
 * <p>"Absent" and "changed concurrently" are results of {@link SessionStore}, never exceptions.
 */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is known about the effect of the call. */
    private enum Effect {
        NONE,
        UNKNOWN
    }

    /** What is known about the effect of the call. */
    private final Effect effect;

    private StoreException(Effect effect, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.effect = effect;
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
        return new StoreException(Effect.NONE, message, cause);
    }

    /**
     * Creates an exception for a call whose effect is unknown: the response was lost or came too late.
     *
     * @param message what happened and what to do; no key, no payload
     * @param cause the driver's own error, or null
     * @return the exception
     */
    public static StoreException unknown(String message, @Nullable Throwable cause) {
        return new StoreException(Effect.UNKNOWN, message, cause);
    }

    /**
     * Returns whether the call certainly had no effect.
     *
     * @return true if nothing was changed and nothing will be
     */
    public boolean isNotDone() {
        return effect == Effect.NONE;
    }

    /**
     * Returns whether the call may have had its effect, or may still have it later.
     *
     * @return the opposite of {@link #isNotDone()}
     */
    public boolean isUnknown() {
        return effect == Effect.UNKNOWN;
    }
}
