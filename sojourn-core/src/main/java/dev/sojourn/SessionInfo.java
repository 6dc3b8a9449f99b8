package dev.sojourn;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What may be told about a session. Holds nothing that opens it.
 *
 * @param publicId the session's public name; see {@link Session#publicId()}
 * @param subject the user whom it belongs to, or null
 * @param createdAt when it began
 * @param expiresAt when it ends if nobody uses it again
 */
public record SessionInfo(String publicId, @Nullable String subject, Instant createdAt, Instant expiresAt) {}
