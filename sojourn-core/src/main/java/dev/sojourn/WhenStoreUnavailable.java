package dev.sojourn;

/** What happens to a request that needs its session while the store does not answer. No cookie is touched either way. */
public enum WhenStoreUnavailable {
    /** It fails with 503 and {@code Retry-After}. The default. */
    FAIL,
    /**
     * It sees an empty session as long as it only reads; a change still fails with 503. For sites whose pages make sense
     * to strangers.
     */
    READ_AS_ANONYMOUS
}
