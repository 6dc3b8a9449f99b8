package dev.sojourn;

import java.util.Objects;

/**
 * A page of another site made the client send this request, or nothing shows that no page did, or its CSRF token does not
 * count. Status 403. The response does not say why; the message, which the adapter logs, does. See {@link
 * CommonConfig#csrf}.
 */
public final class CrossSiteRequestException extends SessionException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message why the request is refused, and what to do if it should not be; contains no token
     */
    public CrossSiteRequestException(String message) {
        super(403, Objects.requireNonNull(message, "message"), null);
    }

    private CrossSiteRequestException(CrossSiteRequestException first) {
        super(first);
    }

    @Override
    public CrossSiteRequestException toPartlySaved() {
        return new CrossSiteRequestException(this);
    }

    @Override
    public String responseText() {
        return "This request was refused. Please reload the page and try again." + (isPartlySaved() ? PARTLY : "");
    }
}
