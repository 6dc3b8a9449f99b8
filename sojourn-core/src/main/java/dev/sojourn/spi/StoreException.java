package dev.sojourn.spi;

import org.jspecify.annotations.Nullable;

/**
 * A store could not answer. It says which of two very different things is true: {@link #notDone()}, the call certainly
 * had no effect and never will have, or {@link #unknown()}, it may have happened, may still happen, or not.
 *
 * <p>"Absent" and "changed meanwhile" are results of {@link SessionStore}, never exceptions.
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
     * The call certainly had no effect: refused, no connection, pool empty, store full, serialization failure.
     *
     * @param message what happened and what to do; no key, no payload
     * @param cause the driver's own error, or null
     * @return the exception
     */
    public static StoreException notDone(String message, @Nullable Throwable cause) {
        return new StoreException(true, message, cause);
    }

    /**
     * The call's effect is not known: the answer was lost or came too late.
     *
     * @param message what happened and what to do; no key, no payload
     * @param cause the driver's own error, or null
     * @return the exception
     */
    public static StoreException unknown(String message, @Nullable Throwable cause) {
        return new StoreException(false, message, cause);
    }

    /**
     * Whether the call certainly had no effect.
     *
     * @return true if nothing was changed and nothing will be
     */
    public boolean notDone() {
        return notDone;
    }

    /**
     * Whether the call may have had its effect, now or later.
     *
     * @return the opposite of {@link #notDone()}
     */
    public boolean unknown() {
        return !notDone;
    }
}
