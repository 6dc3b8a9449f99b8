package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sojourn.spi.StoredSession;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;

/**
 * Encodes a record as one string: a header of 19 bytes, the subject, the payload. Numbers are big-endian.
 *
 * <pre>
 * 0      the payload's encoding: 1 whole, 2 without the prefix below
 * 1-8    the version: at this place whatever byte 0 is, so that an unreadable record can be removed
 * 9-16   the expiry, milliseconds since 1970
 * 17-18  0 for no subject, else the subject's length in bytes plus 1
 * 19-    the subject in UTF-8, then the payload
 * </pre>
 *
 * <p><b>The omitted prefix</b> is a compression dictionary with one entry, for the bytes with which the engine's records
 * usually begin. It lets the value of a small session fit into an allocator block of 128 bytes instead of 160, which saves a
 * tenth of the session's memory. The store does not parse it: any other payload is stored whole. It is a constant here, not
 * taken from the record format, because it is part of the stored encoding: stored values that begin with 2 need exactly these
 * bytes, whatever the record format of a later release writes. A new prefix would need a new value of byte 0.
 */
final class RecordEncoding {
    private static final byte WHOLE = 1;
    private static final byte WITHOUT_PREFIX = 2;
    private static final byte[] PREFIX = "{\"format\":1,\"created\":".getBytes(US_ASCII);
    private static final int VERSION_AT = 1;
    private static final int EXPIRY_AT = 9;
    private static final int SUBJECT_LENGTH_AT = 17;
    private static final int HEADER_LENGTH = 19;
    private static final int MAX_SUBJECT_LENGTH = 0xFFFE;

    private RecordEncoding() {}

    static byte[] write(StoredSession session) {
        byte[] subject = subjectOf(session);
        byte[] payload = session.payload();
        int from = beginsWithPrefix(payload) ? PREFIX.length : 0;
        ByteBuffer value = ByteBuffer.allocate(HEADER_LENGTH + subject.length + payload.length - from);
        value.put(from == 0 ? WHOLE : WITHOUT_PREFIX)
                .putLong(session.version())
                .putLong(RedisTime.epochMillis(session.expiresAt()))
                .putShort((short) (session.subject() == null ? 0 : subject.length + 1));
        return value.put(subject).put(payload, from, payload.length - from).array();
    }

    private static boolean beginsWithPrefix(byte[] payload) {
        return payload.length >= PREFIX.length && Arrays.equals(payload, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
    }

    private static byte[] subjectOf(StoredSession session) {
        byte[] subject =
                session.subject() == null ? new byte[0] : session.subject().getBytes(UTF_8);
        if (subject.length > MAX_SUBJECT_LENGTH) {
            throw new IllegalArgumentException(
                    "a subject has at most " + MAX_SUBJECT_LENGTH + " bytes, not " + subject.length);
        }
        return subject;
    }

    /**
     * Reads a value. A value that no store wrote is returned whole, for the record format to refuse, with the version that
     * its removal has to name.
     */
    static StoredSession read(byte[] value) {
        if (value.length < HEADER_LENGTH || (value[0] != WHOLE && value[0] != WITHOUT_PREFIX)) {
            return unreadable(value);
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        int subject = in.getShort(SUBJECT_LENGTH_AT) & 0xFFFF;
        int payloadAt = HEADER_LENGTH + Math.max(0, subject - 1);
        if (payloadAt > value.length) {
            return unreadable(value);
        }
        return new StoredSession(
                payload(value, payloadAt),
                in.getLong(VERSION_AT),
                Instant.ofEpochMilli(in.getLong(EXPIRY_AT)),
                subject == 0 ? null : new String(value, HEADER_LENGTH, subject - 1, UTF_8));
    }

    private static byte[] payload(byte[] value, int at) {
        if (value[0] == WHOLE) {
            return Arrays.copyOfRange(value, at, value.length);
        }
        byte[] payload = Arrays.copyOf(PREFIX, PREFIX.length + value.length - at);
        System.arraycopy(value, at, payload, PREFIX.length, value.length - at);
        return payload;
    }

    private static StoredSession unreadable(byte[] value) {
        long version = value.length < EXPIRY_AT ? 0 : ByteBuffer.wrap(value).getLong(VERSION_AT);
        return new StoredSession(value, version, RedisTime.LATEST, null);
    }

    /** Returns a version as the scripts compare it. */
    static byte[] version(long version) {
        return ByteBuffer.allocate(Long.BYTES).putLong(version).array();
    }

    /** Returns the bytes that a touch writes over the header, from the version on. */
    static byte[] versionAndExpiry(long version, Instant expiresAt) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(version)
                .putLong(RedisTime.epochMillis(expiresAt))
                .array();
    }
}
