package dev.sojourn;

import java.time.Instant;

/**
 * One session of a user, in a list of where the user is signed in. Contains nothing that gives access to it.
 *
 * @param publicId the session's public id; see {@link Session#publicId()}
 * @param createdAt when the user signed in
 * @param lastAccessedAt when it was last used, exact to the touch interval
 * @param expiresAt when it ends if it is not used again
 * @param current whether it is the session of the calling request
 */
public record UserSession(
        String publicId, Instant createdAt, Instant lastAccessedAt, Instant expiresAt, boolean current) {}
