package dev.sojourn.spi;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a store keeps under a key. Everything here is the store's to write down and to give back unchanged; nothing is
 * the store's to understand.
 *
 * <p>Thread-safe as long as nobody writes to the payload: it is handed over, not copied, and neither side changes it
 * afterwards.
 *
 * @param payload the record's bytes, opaque; may be empty
 * @param version a tag compared for equality only, any of the 2<sup>64</sup> values
 * @param expiresAt when the record may be forgotten, exact to the millisecond; a store forgets no earlier than five
 *     minutes after it and may forget later
 * @param subject the user whom the session belongs to, or null; never becomes another one while the
 *     record exists, and null when another record takes its place
 */
@SuppressWarnings("ArrayRecordComponent") // bytes handed over, never compared as a record
public record StoredSession(
        byte[] payload,
        long version,
        Instant expiresAt,
        @Nullable String subject) {
    /**
     * Checks that nothing needed is missing.
     *
     * @param payload the record's bytes
     * @param version a tag compared for equality only
     * @param expiresAt when the record may be forgotten
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
