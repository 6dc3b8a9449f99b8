package dev.sojourn.engine;

import dev.sojourn.spi.StoreKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** Generates and checks ids, and derives store keys and public ids from them. */
final class SessionIds {
    /** 22 characters of base64url hold the 128 bits that ASVS 7.2.3 requires. */
    static final int SHORTEST = 22;

    static final int LONGEST = 128;

    private static final int RANDOM_BYTES = 32;
    private static final int SAMPLES = 64;
    private static final int PUBLIC_ID_BYTES = 16;
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private SessionIds() {}

    static Supplier<String> random(SecureRandom random) {
        return random(random, RANDOM_BYTES);
    }

    /** Returns random ids of a number of bytes. */
    static Supplier<String> random(SecureRandom random, int count) {
        return () -> {
            byte[] bytes = new byte[count];
            random.nextBytes(bytes);
            return BASE64URL.encodeToString(bytes);
        };
    }

    /** Calls an application's generator often enough to detect a constant or a counter of few digits. */
    static Supplier<String> checking(Supplier<String> generator) {
        Set<String> samples = new HashSet<>();
        for (int i = 0; i < SAMPLES; i++) {
            String sample = generator.get();
            if (sample == null
                    || sample.length() < SHORTEST
                    || sample.length() > LONGEST
                    || !wellFormed(sample, sample.length())) {
                throw new IllegalArgumentException(
                        "genid must return 22 to 128 characters of base64url (A-Z a-z 0-9 - _) each time, but did not");
            }
            if (!samples.add(sample)) {
                throw new IllegalArgumentException(
                        "genid returned the same id twice within 64 calls: ids must be unguessable");
            }
        }
        return generator;
    }

    /** Returns whether the first characters of a text are all base64url. */
    static boolean wellFormed(String text, int length) {
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean known =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!known) {
                return false;
            }
        }
        return true;
    }

    /** Returns the SHA-256 of an id as its store key. Ids have 128 bits or more, so it needs no salt. */
    static StoreKey storeKey(String id) {
        return StoreKey.of(BASE64URL.encodeToString(sha256(id)));
    }

    /**
     * Returns the public id for a store key: a one-way function of the key, so that it gives no access and can be
     * listed.
     */
    static String publicId(StoreKey key) {
        return BASE64URL.encodeToString(Arrays.copyOf(sha256("sojourn handle " + key.text()), PUBLIC_ID_BYTES));
    }

    /** Returns whether a text has the form of a public id: 22 characters of base64url. */
    static boolean isPublicId(String text) {
        return text.length() == SHORTEST && wellFormed(text, SHORTEST);
    }

    /**
     * Returns a public id for something that another issuer names. A one-way function of all parts, each with its length, so
     * that it can be shown and logged whatever they contain.
     */
    static String publicId(String... parts) {
        StringBuilder all = new StringBuilder("sojourn view");
        for (String part : parts) {
            all.append(' ').append(part.length()).append(' ').append(part);
        }
        return BASE64URL.encodeToString(Arrays.copyOf(sha256(all.toString()), PUBLIC_ID_BYTES));
    }

    /** Returns a public id that names nothing else. */
    static String randomPublicId(SecureRandom random) {
        byte[] bytes = new byte[PUBLIC_ID_BYTES];
        random.nextBytes(bytes);
        return BASE64URL.encodeToString(bytes);
    }

    /** Encodes bytes in base64url. */
    static String text(byte[] bytes) {
        return BASE64URL.encodeToString(bytes);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(
                    "this Java runtime lacks SHA-256, which every Java runtime must provide", e);
        }
    }
}
