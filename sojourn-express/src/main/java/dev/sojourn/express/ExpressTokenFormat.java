package dev.sojourn.express;

import dev.sojourn.spi.TokenFormat;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The token format of Express's cookie: {@code s:}, the id, a dot, and the HMAC-SHA-256 of the id in base64 without padding,
 * all of it percent-encoded. Reads tokens with or without percent-encoding, and in quotes. Compares the signature as text, in
 * constant time.
 */
final class ExpressTokenFormat implements TokenFormat {
    private static final String HMAC = "HmacSHA256";
    private static final String SIGNED = "s:";
    private static final int SIGNATURE_LENGTH = 43;
    /** Browsers and servers refuse longer cookies. */
    private static final int MAX_TOKEN_LENGTH = 4096;

    private static final int MAX_ID_LENGTH = 255;
    private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

    private final List<SecretKeySpec> keys;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Creates a format that signs with the first secret and verifies with all.
     *
     * @param secrets the secrets' bytes
     */
    ExpressTokenFormat(List<byte[]> secrets) {
        this.keys =
                secrets.stream().map(secret -> new SecretKeySpec(secret, HMAC)).toList();
    }

    @Override
    public String write(String id) {
        return PercentEncoding.encode(SIGNED + id + '.' + signature(id, keys.get(0)));
    }

    @Override
    public Optional<VerifiedId> read(String token) {
        if (token.length() > MAX_TOKEN_LENGTH) {
            return Optional.empty();
        }
        String value = PercentEncoding.decode(unquote(token));
        int dot = value.length() - SIGNATURE_LENGTH - 1;
        if (!value.startsWith(SIGNED) || dot <= SIGNED.length() || value.charAt(dot) != '.') {
            return Optional.empty();
        }
        String id = value.substring(SIGNED.length(), dot);
        return isPlausible(id) ? verify(id, value.substring(dot + 1)) : Optional.empty();
    }

    private Optional<VerifiedId> verify(String id, String signature) {
        byte[] given = signature.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < keys.size(); i++) {
            byte[] expected = signature(id, keys.get(i)).getBytes(StandardCharsets.UTF_8);
            if (MessageDigest.isEqual(expected, given)) {
                return Optional.of(new VerifiedId(id, i > 0));
            }
        }
        warnOnce();
        return Optional.empty();
    }

    /** Warns once: if all tokens are refused, the secret differs from Express's; a single one may be forged. */
    private void warnOnce() {
        if (warned.compareAndSet(false, true)) {
            System.getLogger("dev.sojourn")
                    .log(
                            Level.WARNING,
                            "a cookie in Express's format was refused, because none of the secrets here signed it. If it is the"
                                    + " Express application's, its secret is missing here. This is logged once");
        }
    }

    /** Whether a store can take an id as its key. An application's own {@code genid} may create any text. */
    private static boolean isPlausible(String id) {
        return id.length() <= MAX_ID_LENGTH
                && id.chars().noneMatch(each -> Character.isISOControl(each) || Character.isSurrogate((char) each));
    }

    private static String unquote(String token) {
        boolean quoted = token.length() > 1 && token.charAt(0) == '"' && token.endsWith("\"");
        return quoted ? token.substring(1, token.length() - 1) : token;
    }

    private static String signature(String id, SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return BASE64.encodeToString(mac.doFinal(id.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }
}
