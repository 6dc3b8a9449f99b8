package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sojourn.spi.StoreKey;
import java.util.Arrays;
import java.util.Base64;

/**
 * Names the keys in Redis. The names must never change: under another name no stored session would be found.
 *
 * <p>A record's key has a hash tag of two characters, one of 4,096, so that the record and its due set are in one slot of a
 * Cluster. The tag is the same on every Redis, with and without Cluster and sweep, so that sessions can be moved between
 * them by copying keys.
 */
final class KeyLayout {
    /** The characters of hash tags: base64url, in the order of RFC 4648. */
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static final int TAG_LENGTH = 2;
    private static final int SUBJECT_DIGEST_LENGTH = 22;
    private static final byte[] DUE = ".due".getBytes(US_ASCII);
    private static final byte[] SESSIONS = ".sessions".getBytes(US_ASCII);
    private static final byte[] EPOCH = ".epoch".getBytes(US_ASCII);
    private static final byte[] MARKER = ".mark".getBytes(US_ASCII);
    private static final byte[] CLAIM = "sweep".getBytes(US_ASCII);

    /** The number of due sets: one for each hash tag. */
    static final int TAGS = ALPHABET.length() * ALPHABET.length();

    private final byte[] prefix;

    KeyLayout(String prefix) {
        if (prefix.indexOf('{') >= 0 || prefix.indexOf('}') >= 0) {
            throw new IllegalArgumentException("a key prefix has no braces, because braces decide on a record's slot");
        }
        this.prefix = prefix.getBytes(UTF_8);
    }

    /** Returns the key of a record: the store key's text with its first two characters in braces, if the text is plain. */
    byte[] record(StoreKey key) {
        byte[] text = key.text().getBytes(UTF_8);
        return isPlain(text)
                ? withTag(text, Arrays.copyOfRange(text, TAG_LENGTH, text.length))
                : withTag(tagOfUnusual(text), join(new byte[] {'~'}, text));
    }

    /** Returns the key of another library's record: the prefix and the store key's text. */
    byte[] bareRecord(StoreKey key) {
        return join(prefix, key.text().getBytes(UTF_8));
    }

    /** Returns the key of the due set in the same slot as a record. */
    byte[] dueSet(StoreKey key) {
        byte[] text = key.text().getBytes(UTF_8);
        return withTag(isPlain(text) ? text : tagOfUnusual(text), DUE);
    }

    /** Returns a key in the same slot as a record, to be written for replicas to confirm. */
    byte[] replicationMarker(StoreKey key) {
        byte[] text = key.text().getBytes(UTF_8);
        return withTag(isPlain(text) ? text : tagOfUnusual(text), MARKER);
    }

    /** Returns the number of a record's hash tag. */
    static int tagOf(StoreKey key) {
        byte[] text = key.text().getBytes(UTF_8);
        byte[] tag = isPlain(text) ? text : tagOfUnusual(text);
        return ALPHABET.indexOf(tag[0]) * ALPHABET.length() + ALPHABET.indexOf(tag[1]);
    }

    /** Returns the key of the due set of a hash tag. */
    byte[] dueSet(int tag) {
        return withTag(tag(tag), DUE);
    }

    /** Returns the key of a subject's user-index entries. */
    byte[] userIndex(String subject) {
        return subjectKey(subject, SESSIONS);
    }

    /** Returns the key of a subject's epoch, in the slot of its user-index entries. */
    byte[] epoch(String subject) {
        return subjectKey(subject, EPOCH);
    }

    /** Returns the key that holds the claim of the sweeping node. */
    byte[] sweepClaim() {
        return join(prefix, CLAIM);
    }

    private byte[] subjectKey(String subject, byte[] kind) {
        byte[] digest = Base64.getUrlEncoder().withoutPadding().encode(Digests.sha256(subject.getBytes(UTF_8)));
        byte[] braced = new byte[SUBJECT_DIGEST_LENGTH + 2];
        braced[0] = '{';
        System.arraycopy(digest, 0, braced, 1, SUBJECT_DIGEST_LENGTH);
        braced[braced.length - 1] = '}';
        return join(prefix, join(braced, kind));
    }

    private byte[] withTag(byte[] tag, byte[] rest) {
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
     * Whether a text is base64url of two characters or more, as every store key of the engine is. Any other text is written
     * whole after a tilde, which no plain text contains, so that no two texts get the same key.
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

    private static byte[] tagOfUnusual(byte[] text) {
        byte[] digest = Digests.sha256(text);
        return tag(((digest[0] & 0xFF) << 4 | (digest[1] & 0xF0) >> 4) % TAGS);
    }

    private static byte[] tag(int number) {
        return new byte[] {
            (byte) ALPHABET.charAt(number / ALPHABET.length()), (byte) ALPHABET.charAt(number % ALPHABET.length())
        };
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
