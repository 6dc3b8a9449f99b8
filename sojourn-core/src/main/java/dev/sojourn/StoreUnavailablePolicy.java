package dev.sojourn;

/**
 * What happens to a request that needs its session while the store is unavailable. No cookie is changed in either case.
 */
public enum StoreUnavailablePolicy {
    /** The request fails with 503 and {@code Retry-After}. The default. */
    FAIL,
    /**
     * The request sees an empty session as long as it only reads; a change still fails with 503, and so does whatever
     * requires a user: {@code requireSubject}, {@code requireSignIn}, the status of the session. For sites whose pages make
     * sense to anonymous users.
     */
    READ_AS_ANONYMOUS
}
