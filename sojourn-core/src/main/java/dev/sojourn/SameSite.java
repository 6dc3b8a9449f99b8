package dev.sojourn;

/** Whether a browser sends the cookie with requests that another site caused (RFC 6265bis §5.7). */
public enum SameSite {
    /** Only with requests from the same site; a link in an email opens the site signed out. */
    STRICT("Strict"),
    /** Also when the user follows a link from another site. The default. */
    LAX("Lax"),
    /** With every request; browsers also require {@code Secure}. */
    NONE("None");

    private final String attribute;

    SameSite(String attribute) {
        this.attribute = attribute;
    }

    /**
     * Returns the value of the cookie attribute.
     *
     * @return for example {@code Lax}
     */
    public String attribute() {
        return attribute;
    }
}
