package dev.sojourn.spi;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a store keeps under a key. The store writes every part and returns it unchanged; it does not interpret any part.
 *
 * <p>Thread-safe as long as the payload is not written to: it is passed on, not copied, and neither side changes it
 * afterwards.
 *
 * @param payload the record's bytes, opaque; may be empty
 * @param version a tag compared for equality only, any of the 2<sup>64</sup> values
 * @param expiresAt when the record may be removed, exact to the millisecond; a store removes it no earlier than five
 *     minutes afterwards and may do so later
 * @param subject the user that the session belongs to, or null; never changes to another user while the record exists,
 *     and becomes null when the record is retired
 */
@SuppressWarnings("ArrayRecordComponent") // bytes handed over, never compared as a record
public record StoredSession(
        byte[] payload,
        long version,
        Instant expiresAt,
        @Nullable String subject) {
    /**
     * Checks that nothing required is missing.
     *
     * @param payload the record's bytes
     * @param version a tag compared for equality only
     * @param expiresAt when the record may be removed
     * @param subject the user, or null
     */
    public StoredSession {
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(expiresAt, "expiresAt");
    }

    /** Shows sizes and times only: payload, version and subject stay out of logs. */
    @Override
    public String toString() {
        return "StoredSession[" + payload.length + " bytes, expires " + expiresAt + "]";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
