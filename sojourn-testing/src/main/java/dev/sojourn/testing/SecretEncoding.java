package dev.sojourn.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One way in which somebody could have written a client's token down.
 *
 * @param name which way, without the token itself
 * @param bytes what would then be found
 */
@SuppressWarnings("ArrayRecordComponent") // the same as itself only, which is what is meant
record SecretEncoding(String name, byte[] bytes) {

    /** All of them, for a token of our own format: the id, a dot, its signature. */
    static List<SecretEncoding> of(String token) {
        int dot = token.indexOf('.');
        String id = token.substring(0, dot);
        Map<String, byte[]> secrets = new LinkedHashMap<>();
        secrets.put("the id's bytes", Base64.getUrlDecoder().decode(id));
        secrets.put("the id's text", ascii(id));
        secrets.put("the signature's bytes", Base64.getUrlDecoder().decode(token.substring(dot + 1)));
        secrets.put("the token", ascii(token));
        return spellings(secrets);
    }

    private static List<SecretEncoding> spellings(Map<String, byte[]> secrets) {
        List<SecretEncoding> spellings = new ArrayList<>();
        secrets.forEach((name, bytes) -> {
            spellings.add(new SecretEncoding(name, bytes));
            spellings.add(
                    new SecretEncoding("hex of " + name, ascii(HexFormat.of().formatHex(bytes))));
            spellings.add(new SecretEncoding(
                    "capital hex of " + name,
                    ascii(HexFormat.of().withUpperCase().formatHex(bytes))));
            // Without the padding: what has one contains it.
            spellings.add(new SecretEncoding(
                    "base64 of " + name, Base64.getEncoder().withoutPadding().encode(bytes)));
            spellings.add(new SecretEncoding(
                    "base64url of " + name,
                    Base64.getUrlEncoder().withoutPadding().encode(bytes)));
        });
        return spellings;
    }

    private static final int SHORTEST = 8;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{22,128}\\.[A-Za-z0-9_-]{43}");

    /** All of them, for a token of our own format or for any other text. */
    static List<SecretEncoding> ofSecret(String secret) {
        if (secret.length() < SHORTEST) {
            throw new IllegalArgumentException(
                    "a secret to look for has at least " + SHORTEST + " characters, not " + secret.length());
        }
        return TOKEN.matcher(secret).matches()
                ? of(secret)
                : spellings(Map.of("the secret", secret.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return name;
    }
}
