package dev.sojourn.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** One revocation: of a token, or of everything that a user's tokens gave access to until then. */
sealed interface RevocationEntry {
    /** The last second that an entry can express: 32 bits without a sign, in the year 2106. */
    long LAST_SECOND = 0xFFFF_FFFFL;

    /** Returns the first 8 bytes of the SHA-256 of what is revoked. */
    long key();

    /** Returns the second since 1970 from which this entry may be dropped. */
    long until();

    /** Returns an entry that is kept for longer by some seconds. */
    RevocationEntry keptLonger(long seconds);

    /**
     * A revoked token.
     *
     * @param key the first 8 bytes of the SHA-256 of its id
     * @param until the second from which the entry may be dropped
     */
    record Token(long key, long until) implements RevocationEntry {
        @Override
        public RevocationEntry keptLonger(long seconds) {
            return new Token(key, plus(until, seconds));
        }
    }

    /**
     * A user whose sessions were all ended.
     *
     * @param key the first 8 bytes of the SHA-256 of the subject
     * @param until the second from which the entry may be dropped
     * @param tag random; a token from after the end carries it
     * @param at the time of the end in milliseconds since 1970; greater than that of every earlier end of this user
     */
    record User(long key, long until, long tag, long at) implements RevocationEntry {
        @Override
        public RevocationEntry keptLonger(long seconds) {
            return new User(key, plus(until, seconds), tag, at + seconds * 1_000);
        }

        /** Returns this end, at a later time than another one of the same user. */
        User after(@Nullable User former) {
            return former == null || former.tag == tag || former.at < at
                    ? this
                    : new User(key, until, tag, former.at + 1);
        }

        /** Returns the tag as tokens carry it: 11 characters of base64url. */
        String tagText() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(ByteBuffer.allocate(Long.BYTES).putLong(tag).array());
        }
    }

    /** Returns the key of a token's id or of a subject. */
    static long keyOf(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(
                    "this Java runtime lacks SHA-256, which every Java runtime must provide", e);
        }
    }

    /** Returns the second in which a time lies, or the next one if it lies between two. */
    static long secondOf(Instant time) {
        long second = time.getNano() == 0 ? time.getEpochSecond() : time.getEpochSecond() + 1;
        return Math.max(0, Math.min(LAST_SECOND, second));
    }

    private static long plus(long until, long seconds) {
        return Math.min(LAST_SECOND, until + seconds);
    }
}
