package dev.sojourn;

import dev.sojourn.spi.LogText;

/**
 * The user of a request has not confirmed what it asks for; see {@link SessionView#requireElevated}. Status 403: the
 * application asks the user for a password or a code and calls {@link EditableSession#elevate}.
 */
public final class ElevationRequiredException extends SessionException {
    private static final long serialVersionUID = 1L;

    /** What is to be confirmed. */
    private final String scope;

    /**
     * Creates the exception.
     *
     * @param scope what is to be confirmed
     */
    public ElevationRequiredException(String scope) {
        super(403, "the session is not elevated for " + LogText.quote(scope), null);
        this.scope = scope;
    }

    private ElevationRequiredException(ElevationRequiredException first) {
        super(first);
        this.scope = first.scope;
    }

    /**
     * Returns what is to be confirmed.
     *
     * @return the scope that the handler required
     */
    public String scope() {
        return scope;
    }

    @Override
    public ElevationRequiredException toPartlySaved() {
        return new ElevationRequiredException(this);
    }

    @Override
    public String responseText() {
        return "Please confirm that it is you." + (isPartlySaved() ? PARTLY : "");
    }
}
