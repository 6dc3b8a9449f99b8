package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers.Slice;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The mark of an attribute that a typed format wrote: {@code typed-json/bXVjaCBhZG8gYWJvdXQ}, the format's name and the
 * first 128 bits of the SHA-256 of the value's bytes. If a writer that ignores marks replaces the value and leaves the
 * mark, the digest no longer matches, and the value is plain data.
 */
final class TypeMark {
    static final int LONGEST = 64;

    private static final int DIGEST_BYTES = 16;
    private static final char SEPARATOR = '/';

    private TypeMark() {}

    static String of(String format, Slice json) {
        return format + SEPARATOR + digest(json);
    }

    /** Returns the name of the format that wrote this value; null if the mark belongs to another value. */
    static @Nullable String formatIn(String mark, Slice json) {
        int at = mark.lastIndexOf(SEPARATOR);
        return at > 0 && mark.substring(at + 1).equals(digest(json)) ? mark.substring(0, at) : null;
    }

    private static String digest(Slice json) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(json.source(), json.from(), json.length());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(sha256.digest(), DIGEST_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(
                    "this Java runtime lacks SHA-256, which every Java runtime must provide", e);
        }
    }
}
