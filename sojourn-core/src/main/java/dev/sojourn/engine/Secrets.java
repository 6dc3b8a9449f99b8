package dev.sojourn.engine;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks secrets and derives a key for each purpose from them, so that one purpose's output is worthless to another. */
final class Secrets {
    static final String HMAC = "HmacSHA256";

    private static final int LEAST_BYTES = 32;
    private static final int LEAST_DIFFERENT_CHARACTERS = 10;
    private static final String HOW_TO_MAKE_ONE =
            "make one with `openssl rand -base64 32` and hand it over in an environment variable:"
                    + " c.secret(System.getenv(\"SESSION_SECRET\"))";

    /** Fragments of secrets that stand in tutorials and templates; whoever guesses starts with these. */
    private static final List<String> FROM_TUTORIALS = List.of(
            "keyboard cat",
            "keyboardcat",
            "changeme",
            "change-me",
            "change_me",
            "change this",
            "your-secret",
            "your_secret",
            "yoursecret",
            "your-256-bit",
            "my-secret",
            "my_secret",
            "mysecret",
            "super-secret",
            "supersecret",
            "super_secret",
            "secret-key",
            "secret_key",
            "secretkey",
            "a-string-secret",
            "session-secret",
            "session_secret",
            "correct horse battery staple",
            "password",
            "0123456789",
            "abcdefghijkl");

    private Secrets() {}

    /** Keys for one purpose, in the order of the secrets. */
    static List<Key> keys(List<String> secrets, String purpose) {
        if (secrets.isEmpty() || secrets.get(0).isEmpty()) {
            throw new IllegalArgumentException(
                    "no secret is set (is the environment variable missing?): " + HOW_TO_MAKE_ONE);
        }
        if (new HashSet<>(secrets).size() < secrets.size()) {
            throw new IllegalArgumentException("the same secret is given twice: name each once, the newest first");
        }
        List<Key> keys = new ArrayList<>();
        for (String secret : secrets) {
            keys.add(derive(checked(secret), purpose));
        }
        return List.copyOf(keys);
    }

    private static byte[] checked(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < LEAST_BYTES) {
            throw new IllegalArgumentException("a secret of " + bytes.length
                    + " bytes can be guessed, at least 32 are needed: " + HOW_TO_MAKE_ONE);
        }
        String lower = secret.toLowerCase(Locale.ROOT);
        if (FROM_TUTORIALS.stream().anyMatch(lower::contains)) {
            throw new IllegalArgumentException("this secret is known from tutorials: " + HOW_TO_MAKE_ONE);
        }
        if (secret.chars().distinct().count() < LEAST_DIFFERENT_CHARACTERS) {
            throw new IllegalArgumentException("this secret repeats itself and can be guessed: " + HOW_TO_MAKE_ONE);
        }
        return bytes;
    }

    /** The expand step of HKDF (RFC 5869 §2.3) for one block, with the purpose as its info. */
    private static Key derive(byte[] secret, String purpose) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            return new SecretKeySpec(mac.doFinal(new byte[] {1}), HMAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + HMAC + ", which every Java must have", e);
        }
    }
}
