package dev.sojourn;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What may be told about a session. Holds nothing that opens it.
 *
 * @param handle the session's public name; see {@link Session#handle()}
 * @param subject the user whom it belongs to, or null
 * @param createdAt when it began
 * @param expiresAt when it ends if nobody uses it again
 */
public record SessionInfo(String handle, @Nullable String subject, Instant createdAt, Instant expiresAt) {}
