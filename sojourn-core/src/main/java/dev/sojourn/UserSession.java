package dev.sojourn;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One session of a user, in a list of where the user is signed in. Contains nothing that gives access to it. Immutable and
 * thread-safe.
 *
 * @param publicId the session's public id; see {@link Session#publicId()}
 * @param createdAt when the session began: the login that made it the user's
 * @param lastAccessedAt when it was last used, exact to the touch interval
 * @param expiresAt when it ends if it is not used again
 * @param current whether it is the session of the calling request
 * @param signIn how and when the user signed in
 * @param device the device on which the user signed in; null if nothing is known of it. It is what the client claimed, so
 *     show it as text, and do not rely on it
 * @param actingBy the user who acts as this one in the session ({@link Session#actAs}); null normally
 */
public record UserSession(
        String publicId,
        Instant createdAt,
        Instant lastAccessedAt,
        Instant expiresAt,
        boolean current,
        SignIn signIn,
        @Nullable Device device,
        @Nullable String actingBy) {
    /**
     * Returns when the user signed in.
     *
     * @return {@code createdAt}, unless an identity provider reported an earlier time
     */
    public Instant signedInAt() {
        Instant at = signIn.at();
        return at == null ? createdAt : at;
    }

    /** Omits the address and the users. */
    @Override
    public String toString() {
        return "UserSession[" + publicId + ", " + device + "]";
    }
}
