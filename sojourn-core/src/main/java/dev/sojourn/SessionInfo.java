package dev.sojourn;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Describes a session. Contains nothing that gives access to it.
 *
 * @param publicId the session's public id; see {@link Session#publicId()}
 * @param subject the user that it belongs to, or null
 * @param createdAt when it began
 * @param expiresAt when it ends if it is not used again
 */
public record SessionInfo(String publicId, @Nullable String subject, Instant createdAt, Instant expiresAt) {}
