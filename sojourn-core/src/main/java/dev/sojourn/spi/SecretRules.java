package dev.sojourn.spi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/** The rules for secrets that sign tokens, for this project's token format and for others. */
public final class SecretRules {
    private static final int LEAST_BYTES = 32;
    private static final int LEAST_DIFFERENT_CHARACTERS = 10;
    private static final String HOW_TO_MAKE_ONE =
            "create one with `openssl rand -base64 32` and pass it in an environment variable:"
                    + " c.secret(System.getenv(\"SOJOURN_SECRET\")), with Spring sojourn.secret";

    /** Fragments of secrets from tutorials and templates, which attackers try first. */
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

    private SecretRules() {}

    /**
     * Checks secrets that are used together, newest first.
     *
     * @param secrets the secrets
     * @return their bytes in UTF-8, in the same order
     * @throws IllegalArgumentException if there is none, if one is too short, repetitive or known from tutorials, or if
     *     one is given twice; the message explains how to create a good one and shows none
     */
    public static List<byte[]> validate(List<String> secrets) {
        if (secrets.isEmpty() || secrets.get(0).isEmpty()) {
            throw new IllegalArgumentException(
                    "no secret is set (is the environment variable missing?): " + HOW_TO_MAKE_ONE);
        }
        if (new HashSet<>(secrets).size() < secrets.size()) {
            throw new IllegalArgumentException(
                    "the same secret is given twice: list each secret once, the newest first");
        }
        List<byte[]> checked = new ArrayList<>();
        for (String secret : secrets) {
            checked.add(validate(secret));
        }
        return checked;
    }

    private static byte[] validate(String secret) {
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
            throw new IllegalArgumentException("this secret is repetitive and can be guessed: " + HOW_TO_MAKE_ONE);
        }
        return bytes;
    }
}
