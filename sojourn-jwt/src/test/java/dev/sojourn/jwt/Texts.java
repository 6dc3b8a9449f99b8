package dev.sojourn.jwt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** Secrets, times and encodings that the tests share. */
final class Texts {
    static final String SECRET = "qz7TtWm2yZ0cVxP4sB9nLk3jHf6GdRe1-first";
    static final String OTHER = "Xw5Yq8Uo2Ia7Es4Dc1Vb9Nm6Kj3Hg0Fp-second";
    static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    static final Duration DAY = Duration.ofDays(1);
    static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    /** In addition to base64url: characters of other encodings, and characters whose low byte is that of a letter. */
    static final String CANDIDATES = BASE64URL + ".=+/ ~%\n\0\u00e9\u0141\u2041\uff21\ud83d";

    private Texts() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String base64url(String text) {
        return base64url(utf8(text));
    }

    static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
