package dev.sojourn;

/** Which cookies Chromium drops first when a site has too many. Other browsers ignore it. */
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
     * The attribute's value.
     *
     * @return for example {@code High}
     */
    public String attribute() {
        return attribute;
    }
}
