package dev.sojourn;

/** Whether a browser sends the cookie with requests that another site caused (RFC 6265bis §5.7). */
public enum SameSite {
    /** Only with requests from the same site; a link from a mail arrives signed out. */
    STRICT("Strict"),
    /** Also when the user follows a link from another site. The default. */
    LAX("Lax"),
    /** With every request; browsers demand {@code Secure} beside it. */
    NONE("None");

    private final String attribute;

    SameSite(String attribute) {
        this.attribute = attribute;
    }

    /**
     * The attribute's value.
     *
     * @return for example {@code Lax}
     */
    public String attribute() {
        return attribute;
    }
}
