package dev.sojourn;

import java.time.Instant;

/**
 * One session of a user, in a list of where they are signed in. Holds nothing that opens it.
 *
 * @param publicId the session's public name; see {@link Session#publicId()}
 * @param createdAt when the user signed in
 * @param lastAccessedAt when it was last used, exact to the touch interval
 * @param expiresAt when it ends if nobody uses it again
 * @param current whether it is the session of the request that asked
 */
public record SignedIn(
        String publicId, Instant createdAt, Instant lastAccessedAt, Instant expiresAt, boolean current) {}
