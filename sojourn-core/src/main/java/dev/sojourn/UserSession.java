package dev.sojourn;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One session of a user, in a list of where the user is signed in. Contains nothing that gives access to it. A remembered browser
 * ({@link Session#remember}) is one entry, whether it has a live session, several or none at this moment. Immutable and
 * thread-safe.
 *
 * @param publicId the session's public id; see {@link Session#publicId()}. For a remembered browser that of the session that
 *     it used last; without a live session, a public id of its own
 * @param createdAt when the session began: the login that made it the user's; for a remembered browser, when it was remembered
 * @param lastAccessedAt when it was last used, exact to the touch interval
 * @param expiresAt when it ends if it is not used again; for a remembered browser, when it is forgotten
 * @param current whether it is the session of the calling request
 * @param signIn how and when the user signed in
 * @param device the device on which the user signed in; null if nothing is known of it. It is what the client claimed, so
 *     show it as text, and do not rely on it
 * @param actingBy the user who acts as this one in the session ({@link Session#actAs}); null normally
 * @param remembered whether the browser is remembered, so that a cookie signs its user in again
 */
public record UserSession(
        String publicId,
        Instant createdAt,
        Instant lastAccessedAt,
        Instant expiresAt,
        boolean current,
        SignIn signIn,
        @Nullable Device device,
        @Nullable String actingBy,
        boolean remembered) {
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
