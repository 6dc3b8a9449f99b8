package dev.sojourn;

/** Which cookies Chromium drops first if a site has too many. Other browsers ignore it. */
public enum CookiePriority {
    /** Dropped first. */
    LOW("Low"),
    /** The browser's default. */
    MEDIUM("Medium"),
    /** Dropped last. */
    HIGH("High");

    private final String attribute;

    CookiePriority(String attribute) {
        this.attribute = attribute;
    }

    /**
     * Returns the value of the cookie attribute.
     *
     * @return for example {@code High}
     */
    public String attribute() {
        return attribute;
    }
}
