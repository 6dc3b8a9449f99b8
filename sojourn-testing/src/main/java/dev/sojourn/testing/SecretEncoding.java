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
 * One encoding in which a secret of a client may appear.
 *
 * @param name the encoding, without the secret
 * @param bytes the encoded secret
 */
@SuppressWarnings("ArrayRecordComponent") // equal only to itself, as intended
record SecretEncoding(String name, byte[] bytes) {
    private static final int MIN_LENGTH = 8;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{22,128}\\.[A-Za-z0-9_-]{43}");

    /** Returns all encodings of a token in Sojourn's own format: the id, a dot, its signature. */
    static List<SecretEncoding> ofToken(String token) {
        int dot = token.indexOf('.');
        String id = token.substring(0, dot);
        Map<String, byte[]> secrets = new LinkedHashMap<>();
        secrets.put("the id's bytes", Base64.getUrlDecoder().decode(id));
        secrets.put("the id's text", ascii(id));
        secrets.put("the signature's bytes", Base64.getUrlDecoder().decode(token.substring(dot + 1)));
        secrets.put("the token", ascii(token));
        return encodings(secrets);
    }

    private static List<SecretEncoding> encodings(Map<String, byte[]> secrets) {
        List<SecretEncoding> encodings = new ArrayList<>();
        secrets.forEach((name, bytes) -> {
            encodings.add(new SecretEncoding(name, bytes));
            encodings.add(
                    new SecretEncoding("hex of " + name, ascii(HexFormat.of().formatHex(bytes))));
            encodings.add(new SecretEncoding(
                    "upper-case hex of " + name,
                    ascii(HexFormat.of().withUpperCase().formatHex(bytes))));
            // Without padding: a padded text contains the unpadded one.
            encodings.add(new SecretEncoding(
                    "base64 of " + name, Base64.getEncoder().withoutPadding().encode(bytes)));
            encodings.add(new SecretEncoding(
                    "base64url of " + name,
                    Base64.getUrlEncoder().withoutPadding().encode(bytes)));
        });
        return encodings;
    }

    /** Returns all encodings of a token in Sojourn's own format, or of any other text. */
    static List<SecretEncoding> ofSecret(String secret) {
        if (secret.length() < MIN_LENGTH) {
            throw new IllegalArgumentException(
                    "expected a secret of at least " + MIN_LENGTH + " characters, found " + secret.length());
        }
        return TOKEN.matcher(secret).matches()
                ? ofToken(secret)
                : encodings(Map.of("the secret", secret.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return name;
    }
}
