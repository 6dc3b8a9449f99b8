package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sojourn.spi.StoredSession;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * How a record is written down: one string, a header of 19 bytes, the subject, the payload. Numbers are big-endian.
 *
 * <pre>
 * 0      how the payload is written: 1 whole, 2 without the 22 bytes with which the engine's own records begin
 * 1-8    the version: at this place whatever byte 0 says, so that a record that cannot be read can be removed
 * 9-16   the expiry, milliseconds since 1970
 * 17-18  0 for no subject, else its length in bytes and 1
 * 19-    the subject in UTF-8, then the payload
 * </pre>
 *
 * <p>The 22 bytes decide on the size of the block that Redis takes from its allocator for a small session: 128 bytes in place
 * of 160, a tenth of what such a session takes in all. They are left out and put back as bytes; what they mean is not
 * the store's business.
 */
final class RecordEncoding {
    private static final byte WHOLE = 1;
    private static final byte ABRIDGED = 2;
    private static final byte[] OPENING = "{\"format\":1,\"created\":".getBytes(US_ASCII);
    private static final int VERSION_AT = 1;
    private static final int EXPIRY_AT = 9;
    private static final int SUBJECT_AT = 17;
    private static final int HEADER = 19;
    private static final int MAX_SUBJECT = 0xFFFE;

    /** The last instant that Redis is told: beyond it lies nothing that anybody waits for. */
    static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private static final Instant EARLIEST = Instant.ofEpochMilli(1);

    private RecordEncoding() {}

    static byte[] write(StoredSession session) {
        byte[] subject = subjectOf(session);
        byte[] payload = session.payload();
        int from = beginsWithOpening(payload) ? OPENING.length : 0;
        ByteBuffer value = ByteBuffer.allocate(HEADER + subject.length + payload.length - from);
        value.put(from == 0 ? WHOLE : ABRIDGED)
                .putLong(session.version())
                .putLong(epochMillis(session.expiresAt()))
                .putShort((short) (session.subject() == null ? 0 : subject.length + 1));
        return value.put(subject).put(payload, from, payload.length - from).array();
    }

    private static boolean beginsWithOpening(byte[] payload) {
        return payload.length >= OPENING.length
                && Arrays.equals(payload, 0, OPENING.length, OPENING, 0, OPENING.length);
    }

    private static byte[] subjectOf(StoredSession session) {
        byte[] subject =
                session.subject() == null ? new byte[0] : session.subject().getBytes(UTF_8);
        if (subject.length > MAX_SUBJECT) {
            throw new IllegalArgumentException(
                    "a subject has at most " + MAX_SUBJECT + " bytes, not " + subject.length);
        }
        return subject;
    }

    /**
     * Reads a value. One that nobody here wrote is handed on whole, for the record format to refuse, with the version that
     * a removal has to name.
     */
    static StoredSession read(byte[] value) {
        if (value.length < HEADER || (value[0] != WHOLE && value[0] != ABRIDGED)) {
            return unreadable(value);
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        int subject = in.getShort(SUBJECT_AT) & 0xFFFF;
        int payloadAt = HEADER + Math.max(0, subject - 1);
        if (payloadAt > value.length) {
            return unreadable(value);
        }
        return new StoredSession(
                payload(value, payloadAt),
                in.getLong(VERSION_AT),
                Instant.ofEpochMilli(in.getLong(EXPIRY_AT)),
                subject == 0 ? null : new String(value, HEADER, subject - 1, UTF_8));
    }

    private static byte[] payload(byte[] value, int at) {
        if (value[0] == WHOLE) {
            return Arrays.copyOfRange(value, at, value.length);
        }
        byte[] payload = Arrays.copyOf(OPENING, OPENING.length + value.length - at);
        System.arraycopy(value, at, payload, OPENING.length, value.length - at);
        return payload;
    }

    private static StoredSession unreadable(byte[] value) {
        long version = value.length < EXPIRY_AT ? 0 : ByteBuffer.wrap(value).getLong(VERSION_AT);
        return new StoredSession(value, version, LATEST, null);
    }

    /** A version as the scripts compare it. */
    static byte[] version(long version) {
        return ByteBuffer.allocate(Long.BYTES).putLong(version).array();
    }

    /** What a touch writes over the old header, from the version on. */
    static byte[] versionAndExpiry(long version, Instant expiresAt) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(version)
                .putLong(epochMillis(expiresAt))
                .array();
    }

    /** An instant as Redis takes it, in milliseconds; one outside of what Redis takes becomes the nearest inside. */
    static byte[] millis(Instant instant) {
        return Long.toString(epochMillis(instant)).getBytes(US_ASCII);
    }

    /** The same as a number. */
    static long epochMillis(Instant instant) {
        return bounded(instant).toEpochMilli();
    }

    /** How long Redis is to keep a key until an instant and for a span after it: a positive number of milliseconds. */
    static byte[] millisBetween(Instant now, Instant then, Duration span) {
        return Long.toString(Math.max(1, epochMillis(then) - epochMillis(now) + span.toMillis()))
                .getBytes(US_ASCII);
    }

    /** The time from one instant to another in milliseconds, negative where that is past. */
    static byte[] millisBetween(Instant now, Instant then) {
        return Long.toString(epochMillis(then) - epochMillis(now)).getBytes(US_ASCII);
    }

    private static Instant bounded(Instant instant) {
        if (instant.isAfter(LATEST)) {
            return LATEST;
        }
        return instant.isBefore(EARLIEST) ? EARLIEST : instant;
    }
}
