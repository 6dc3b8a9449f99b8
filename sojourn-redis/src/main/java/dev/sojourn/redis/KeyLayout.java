package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sojourn.spi.StoreKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * How the keys in Redis are called. Fixed for ever: another name for a record would strand every stored session.
 *
 * <p>A record's key has a hash tag of two characters, one of 4,096, so that the record and the set that finds it when it
 * expires lie in one slot of a Cluster. The tag is there on every Redis, clustered or not, swept or not: a move from one
 * to the other is a copy.
 */
final class KeyLayout {
    /** The characters of tags: base64url, in the order of RFC 4648. */
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static final int TAG_LENGTH = 2;
    private static final int SUBJECT_DIGEST_LENGTH = 22;
    private static final byte[] DUE = ".due".getBytes(US_ASCII);
    private static final byte[] SESSIONS = ".sessions".getBytes(US_ASCII);
    private static final byte[] EPOCH = ".epoch".getBytes(US_ASCII);
    private static final byte[] MARK = ".mark".getBytes(US_ASCII);
    private static final byte[] CLAIM = "sweep".getBytes(US_ASCII);

    /** How many sets of expiring records there are, one for each tag. */
    static final int TAGS = ALPHABET.length() * ALPHABET.length();

    private final byte[] prefix;

    KeyLayout(String prefix) {
        if (prefix.indexOf('{') >= 0 || prefix.indexOf('}') >= 0) {
            throw new IllegalArgumentException("a key prefix has no braces: they decide on a record's slot");
        }
        this.prefix = prefix.getBytes(UTF_8);
    }

    /** Where a record is kept: the text itself with its first two characters in braces, if it is made of plain characters. */
    byte[] record(StoreKey key) {
        byte[] text = key.text().getBytes(UTF_8);
        return isPlain(text)
                ? named(text, Arrays.copyOfRange(text, TAG_LENGTH, text.length))
                : named(tagOfOdd(text), join(new byte[] {'~'}, text));
    }

    /** Where another library keeps a record: under the text as it is. */
    byte[] bare(StoreKey key) {
        return join(prefix, key.text().getBytes(UTF_8));
    }

    /** The set of expiring records in the same slot as this record. */
    byte[] due(StoreKey key) {
        byte[] text = key.text().getBytes(UTF_8);
        return named(isPlain(text) ? text : tagOfOdd(text), DUE);
    }

    /** Something to write in the same slot as this record, for replicas to confirm. */
    byte[] mark(StoreKey key) {
        byte[] text = key.text().getBytes(UTF_8);
        return named(isPlain(text) ? text : tagOfOdd(text), MARK);
    }

    /** The number of the tag that a record has. */
    static int tagOf(StoreKey key) {
        byte[] text = key.text().getBytes(UTF_8);
        byte[] tag = isPlain(text) ? text : tagOfOdd(text);
        return ALPHABET.indexOf(tag[0]) * ALPHABET.length() + ALPHABET.indexOf(tag[1]);
    }

    /** The set of expiring records of one tag. */
    byte[] due(int tag) {
        return named(tag(tag), DUE);
    }

    /** What this user's sessions are, as far as anybody knows. */
    byte[] sessionsOf(String subject) {
        return subjectKey(subject, SESSIONS);
    }

    /** This user's epoch, in the same slot. */
    byte[] epochOf(String subject) {
        return subjectKey(subject, EPOCH);
    }

    /** Who sweeps. */
    byte[] claim() {
        return join(prefix, CLAIM);
    }

    private byte[] subjectKey(String subject, byte[] kind) {
        byte[] digest = Base64.getUrlEncoder().withoutPadding().encode(sha256(subject.getBytes(UTF_8)));
        byte[] braced = new byte[SUBJECT_DIGEST_LENGTH + 2];
        braced[0] = '{';
        System.arraycopy(digest, 0, braced, 1, SUBJECT_DIGEST_LENGTH);
        braced[braced.length - 1] = '}';
        return join(prefix, join(braced, kind));
    }

    private byte[] named(byte[] tag, byte[] rest) {
        byte[] name = new byte[prefix.length + TAG_LENGTH + 2 + rest.length];
        System.arraycopy(prefix, 0, name, 0, prefix.length);
        int next = prefix.length;
        name[next++] = '{';
        name[next++] = tag[0];
        name[next++] = tag[1];
        name[next++] = '}';
        System.arraycopy(rest, 0, name, next, rest.length);
        return name;
    }

    /**
     * Plain texts are base64url of two characters or more: every key that Sojourn makes. What else may come is written
     * whole behind a tilde, which no plain text has, so that no two texts get one name.
     */
    private static boolean isPlain(byte[] text) {
        if (text.length < TAG_LENGTH) {
            return false;
        }
        for (byte each : text) {
            if (ALPHABET.indexOf(each) < 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] tagOfOdd(byte[] text) {
        byte[] digest = sha256(text);
        return tag(((digest[0] & 0xFF) << 4 | (digest[1] & 0xF0) >> 4) % TAGS);
    }

    private static byte[] tag(int number) {
        return new byte[] {
            (byte) ALPHABET.charAt(number / ALPHABET.length()), (byte) ALPHABET.charAt(number % ALPHABET.length())
        };
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
