package dev.sojourn.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The text of a token that is replaced again and again, a refresh token, a remember-me token or a renewed session token: an id, a dot, the number of its
 * generation, a dot, and the HMAC-SHA-256 of all that in base64url. The signature is compared as text, in constant time. So
 * nothing secret is stored for a generation, each can be computed again, and a token that this application did not issue costs
 * no store call.
 *
 * <p>For an application that is not at the root, the signature can also cover a dot and the application's path.
 */
final class RefreshTokenFormat {
    private static final String PURPOSE = "sojourn refresh token 1";
    /** Enough for a rotation each nanosecond for 30 years, and without overflow. */
    private static final int MOST_DIGITS = 18;

    private final TokenSigner[] signers;
    /** The bytes that are signed in addition to id and generation. */
    private final byte[] binding;

    RefreshTokenFormat(List<String> secrets) {
        this(secrets, PURPOSE);
    }

    /** @param purpose what the tokens are for: a token of one purpose is worthless for another */
    RefreshTokenFormat(List<String> secrets, String purpose) {
        this(TokenSigner.all(secrets, purpose), new byte[0]);
    }

    private RefreshTokenFormat(TokenSigner[] signers, byte[] binding) {
        this.signers = signers;
        this.binding = binding;
    }

    /** Returns the same format for one of a server's applications. */
    RefreshTokenFormat forApplication(String application) {
        return application.isEmpty()
                ? this
                : new RefreshTokenFormat(signers, ('.' + application).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A token that this application issued.
     *
     * @param id the id of the session or of the remembered browser
     * @param generation its generation, at least 1
     * @param outdated whether an older secret signed it
     */
    record RefreshToken(String id, long generation, boolean outdated) {
        /** Omits the id. */
        @Override
        public String toString() {
            return "RefreshToken[redacted]";
        }
    }

    /** Returns the text, signed with the first secret. */
    String write(String id, long generation) {
        String text = id + '.' + generation;
        byte[] signature = signers[0].sign(text.getBytes(StandardCharsets.ISO_8859_1), text.length(), binding);
        return text + '.' + new String(signature, StandardCharsets.ISO_8859_1);
    }

    /** Whether only the signature can be wrong. */
    boolean isWellFormed(String token) {
        int second = token.length() - TokenSigner.LENGTH - 1;
        if (second < 0 || second > SessionIds.LONGEST + 1 + MOST_DIGITS || token.charAt(second) != '.') {
            return false;
        }
        int first = token.lastIndexOf('.', second - 1);
        return first >= SessionIds.SHORTEST
                && first <= SessionIds.LONGEST
                && SessionIds.wellFormed(token, first)
                && isNumber(token, first + 1, second);
    }

    /** Checks a token. Never throws, whatever the text is. */
    Optional<RefreshToken> read(String token) {
        if (!isWellFormed(token)) {
            return Optional.empty();
        }
        int second = token.length() - TokenSigner.LENGTH - 1;
        int first = token.lastIndexOf('.', second - 1);
        byte[] text = token.getBytes(StandardCharsets.ISO_8859_1);
        byte[] signature = Arrays.copyOfRange(text, second + 1, text.length);
        for (int i = 0; i < signers.length; i++) {
            if (MessageDigest.isEqual(signers[i].sign(text, second, binding), signature)) {
                return Optional.of(new RefreshToken(
                        token.substring(0, first), Long.parseLong(token.substring(first + 1, second)), i > 0));
            }
        }
        return Optional.empty();
    }

    /** Whether a part of a text is a number from 1 on, spelled in the only way that counts. */
    private static boolean isNumber(String text, int from, int to) {
        if (from >= to || to - from > MOST_DIGITS || text.charAt(from) == '0') {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
