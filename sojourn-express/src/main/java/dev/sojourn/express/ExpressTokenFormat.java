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
 * The value of Express's cookie: {@code s:}, the id, a dot, and the HMAC-SHA-256 of the id in plain base64 without padding,
 * all of it percent-encoded. Read with or without the encoding, and with quotes around it. The signature is compared as
 * text, in constant time.
 */
final class ExpressTokenFormat implements TokenFormat {
    private static final String HMAC = "HmacSHA256";
    private static final String SIGNED = "s:";
    private static final int SIGNATURE_LENGTH = 43;
    /** Beyond this no cookie reaches anybody. */
    private static final int LONGEST = 4096;

    private static final int LONGEST_ID = 255;
    private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

    private final List<SecretKeySpec> keys;
    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * Signs with the first secret, verifies with all.
     *
     * @param secrets their bytes
     */
    ExpressTokenFormat(List<byte[]> secrets) {
        this.keys =
                secrets.stream().map(secret -> new SecretKeySpec(secret, HMAC)).toList();
    }

    @Override
    public String write(String id) {
        return PercentEncoding.encoded(SIGNED + id + '.' + signature(id, keys.get(0)));
    }

    @Override
    public Optional<Verified> read(String token) {
        if (token.length() > LONGEST) {
            return Optional.empty();
        }
        String value = PercentEncoding.decoded(unquoted(token));
        int dot = value.length() - SIGNATURE_LENGTH - 1;
        if (!value.startsWith(SIGNED) || dot <= SIGNED.length() || value.charAt(dot) != '.') {
            return Optional.empty();
        }
        String id = value.substring(SIGNED.length(), dot);
        return isPlausible(id) ? verified(id, value.substring(dot + 1)) : Optional.empty();
    }

    private Optional<Verified> verified(String id, String signature) {
        byte[] given = signature.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < keys.size(); i++) {
            byte[] mine = signature(id, keys.get(i)).getBytes(StandardCharsets.UTF_8);
            if (MessageDigest.isEqual(mine, given)) {
                return Optional.of(new Verified(id, i > 0));
            }
        }
        tellOnce();
        return Optional.empty();
    }

    /** Whoever meets nothing but such tokens has another secret than Express; a single one is anybody's attempt. */
    private void tellOnce() {
        if (told.compareAndSet(false, true)) {
            System.getLogger("dev.sojourn")
                    .log(
                            Level.WARNING,
                            "a cookie in Express's format was refused, because none of the secrets here signed it. If it is the"
                                    + " Express application's, its secret is missing here. This is told once");
        }
    }

    /** An application's own {@code genid} may make any text; what no store could take as a key was made by nobody. */
    private static boolean isPlausible(String id) {
        return id.length() <= LONGEST_ID
                && id.chars().noneMatch(each -> Character.isISOControl(each) || Character.isSurrogate((char) each));
    }

    private static String unquoted(String token) {
        boolean quoted = token.length() > 1 && token.charAt(0) == '"' && token.endsWith("\"");
        return quoted ? token.substring(1, token.length() - 1) : token;
    }

    private static String signature(String id, SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return BASE64.encodeToString(mac.doFinal(id.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }
}
