package dev.sojourn.engine;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts the payloads of records with AES-256-GCM: "Encrypted records" in {@code docs/reference/record-format.md}. Thread-safe.
 *
 * <p>Each record has a key of its own, derived from the secret and the record's store key. So a payload that is moved to another row
 * does not open, and the bound of 2<sup>32</sup> random nonces for a key holds for each session, not for all together. The
 * subject, which the store keeps next to the payload, is authenticated too.
 */
final class RecordCipher {
    private static final String KEYS = "sojourn record encryption 1";
    private static final String KEY_IDS = "sojourn record key id 1";
    /** No JSON, and nothing else that is stored as a payload, begins like this. */
    private static final byte[] MAGIC = {(byte) 0xE5, 'S', 'R', '1'};

    private static final int ID_BYTES = 4;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int HEADER = MAGIC.length + ID_BYTES + NONCE_BYTES;

    private final List<Secret> ring;
    private final SecureRandom random;

    /** A secret of the ring. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a record
    private record Secret(Key key, byte[] id) {}

    /** @param secrets the first encrypts, all decrypt */
    RecordCipher(List<String> secrets, SecureRandom random) {
        List<Key> keys = KeyDerivation.keys(secrets, KEYS);
        List<Key> ids = KeyDerivation.keys(secrets, KEY_IDS);
        this.ring = IntStream.range(0, keys.size())
                .mapToObj(i -> new Secret(keys.get(i), Arrays.copyOf(ids.get(i).getEncoded(), ID_BYTES)))
                .toList();
        this.random = random;
    }

    /** Whether a payload is encrypted, with any secret. */
    static boolean isEncrypted(byte[] payload) {
        return payload.length >= HEADER && Arrays.equals(payload, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** Returns a record whose payload is encrypted with the first secret. */
    StoredSession encrypt(StoreKey key, StoredSession plain) {
        Secret secret = ring.get(0);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, secret, key, nonce, plain.subject());
            byte[] payload = Arrays.copyOf(MAGIC, HEADER + cipher.getOutputSize(plain.payload().length));
            System.arraycopy(secret.id(), 0, payload, MAGIC.length, ID_BYTES);
            System.arraycopy(nonce, 0, payload, MAGIC.length + ID_BYTES, NONCE_BYTES);
            cipher.doFinal(plain.payload(), 0, plain.payload().length, payload, HEADER);
            return withPayload(plain, payload);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /**
     * Returns a record with its payload decrypted. One whose secret is not in the ring is returned as it is. One whose payload was
     * changed, belongs to another record, or has another subject, is returned with an empty payload, which no format reads.
     */
    StoredSession decrypt(StoreKey key, StoredSession found) {
        byte[] payload = found.payload();
        if (!isEncrypted(payload)) {
            return found;
        }
        byte[] nonce = Arrays.copyOfRange(payload, MAGIC.length + ID_BYTES, HEADER);
        boolean isKnown = false;
        for (Secret secret : ring) {
            if (Arrays.equals(payload, MAGIC.length, MAGIC.length + ID_BYTES, secret.id(), 0, ID_BYTES)) {
                isKnown = true;
                byte[] plain = decrypt(secret, key, nonce, found);
                if (plain != null) {
                    return withPayload(found, plain);
                }
            }
        }
        return isKnown ? withPayload(found, new byte[0]) : found;
    }

    private static byte @Nullable [] decrypt(Secret secret, StoreKey key, byte[] nonce, StoredSession encrypted) {
        byte[] payload = encrypted.payload();
        try {
            return cipher(Cipher.DECRYPT_MODE, secret, key, nonce, encrypted.subject())
                    .doFinal(payload, HEADER, payload.length - HEADER);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static StoredSession withPayload(StoredSession record, byte[] payload) {
        return new StoredSession(payload, record.version(), record.expiresAt(), record.subject());
    }

    private static Cipher cipher(int mode, Secret secret, StoreKey key, byte[] nonce, @Nullable String subject)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance(KeyDerivation.HMAC);
        mac.init(secret.key());
        byte[] ofRecord = mac.doFinal(key.text().getBytes(StandardCharsets.UTF_8));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(ofRecord, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(MAGIC);
        cipher.updateAAD(secret.id());
        cipher.updateAAD(subjectBytes(subject));
        return cipher;
    }

    /** No subject differs from an empty one. */
    private static byte[] subjectBytes(@Nullable String subject) {
        if (subject == null) {
            return new byte[] {0};
        }
        byte[] text = subject.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + text.length).put((byte) 1).put(text).array();
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("this Java runtime lacks AES/GCM, which every Java runtime must provide", e);
    }
}
