package dev.sojourn.express;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** {@code encodeURIComponent} and {@code decodeURIComponent} (ECMA-262 §19.2.6), which Express applies to a cookie's value. */
final class PercentEncoding {
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PercentEncoding() {}

    static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length() + 12);
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (each > 0 && PLAIN.indexOf(each) >= 0) {
                out.append((char) each);
            } else {
                out.append('%').append(HEX.toHexDigits(each));
            }
        }
        return out.toString();
    }

    /** Decodes a text. Returns the text itself if it is not percent-encoded, or not correctly. */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] from = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer to = ByteBuffer.allocate(from.length);
        for (int i = 0; i < from.length; i++) {
            if (from[i] != '%') {
                to.put(from[i]);
            } else if (i + 2 < from.length && HexFormat.isHexDigit(from[i + 1]) && HexFormat.isHexDigit(from[i + 2])) {
                to.put((byte) (HexFormat.fromHexDigit(from[i + 1]) << 4 | HexFormat.fromHexDigit(from[i + 2])));
                i += 2;
            } else {
                return text;
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(to.flip()).toString();
        } catch (CharacterCodingException e) {
            return text;
        }
    }
}
