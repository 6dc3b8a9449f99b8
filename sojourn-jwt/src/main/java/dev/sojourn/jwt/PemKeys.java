package dev.sojourn.jwt;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.KeyAgreement;

/**
 * Reads private keys in PEM (RFC 7468), as {@code openssl genpkey} writes them. The file has the private key alone; the
 * public key is computed.
 */
final class PemKeys {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final Pattern OTHER_PRIVATE_KEY =
            Pattern.compile("-----BEGIN (RSA|EC|DSA|ENCRYPTED) PRIVATE KEY-----");
    private static final String EXPECTED =
            "a PEM text with one block BEGIN PRIVATE KEY (PKCS #8), as `openssl genpkey` writes it, is expected";

    private PemKeys() {}

    /**
     * Reads a private key.
     *
     * @param pem the text; line breaks may be written as {@code \n}, as some environments store them
     * @return the key with its public part
     * @throws IllegalArgumentException if there is not exactly one private key in PKCS #8, or if it is neither an RSA
     *     key nor a key on P-256; the message shows nothing of it
     */
    static JWK read(String pem) {
        String text = pem.replace("\\n", "\n");
        if (OTHER_PRIVATE_KEY.matcher(text).find()) {
            throw new IllegalArgumentException(EXPECTED
                    + ", but this is an encrypted key or one of an older form: convert it with"
                    + " `openssl pkcs8 -topk8 -nocrypt -in FILE`");
        }
        Matcher blocks = BLOCK.matcher(text);
        List<String> keys = blocks.results()
                .filter(block -> block.group(1).equals("PRIVATE KEY"))
                .map(MatchResult::group)
                .toList();
        if (keys.size() != 1) {
            throw new IllegalArgumentException(EXPECTED + ", but there are " + keys.size());
        }
        return read(new PKCS8EncodedKeySpec(content(keys.get(0))));
    }

    private static byte[] content(String block) {
        Matcher matcher = BLOCK.matcher(block);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return Base64.getMimeDecoder().decode(matcher.group(2));
    }

    private static JWK read(PKCS8EncodedKeySpec encoded) {
        try {
            PrivateKey key = privateKey(encoded);
            if (key instanceof RSAPrivateCrtKey rsa) {
                return ofRsa(rsa);
            }
            if (key instanceof ECPrivateKey ec && Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
                return ofEc(ec);
            }
            throw new IllegalArgumentException("this private key is neither an RSA key nor a key on P-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(EXPECTED + ", but its content cannot be read as an RSA or EC key", e);
        }
    }

    private static PrivateKey privateKey(PKCS8EncodedKeySpec encoded) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(encoded);
        } catch (InvalidKeySpecException e) {
            return KeyFactory.getInstance("EC").generatePrivate(encoded);
        }
    }

    private static JWK ofRsa(RSAPrivateCrtKey key) throws GeneralSecurityException {
        RSAPublicKeySpec open = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
        return new RSAKey.Builder((RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(open))
                .privateKey((RSAPrivateKey) key)
                .build();
    }

    /**
     * Computes the public point. Java has no call for that, but key agreement with the curve's generator returns the x
     * coordinate. Two points have it; {@link TokenKey} finds out which one the private key belongs to.
     */
    private static JWK ofEc(ECPrivateKey key) throws GeneralSecurityException {
        ECParameterSpec curve = key.getParams();
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(key);
        agreement.doPhase(
                KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(curve.getGenerator(), curve)), true);
        BigInteger x = new BigInteger(1, agreement.generateSecret());
        BigInteger prime = ((ECFieldFp) curve.getCurve().getField()).getP();
        BigInteger y = root(rightSide(curve.getCurve(), x, prime), prime);
        JWK first = ecKey(key, new ECPoint(x, y));
        return TokenKey.isPair(first) ? first : ecKey(key, new ECPoint(x, prime.subtract(y)));
    }

    private static BigInteger rightSide(EllipticCurve curve, BigInteger x, BigInteger prime) {
        return x.modPow(BigInteger.valueOf(3), prime)
                .add(curve.getA().multiply(x))
                .add(curve.getB())
                .mod(prime);
    }

    /** Returns a square root modulo a prime that is 3 modulo 4, as that of P-256 is. */
    private static BigInteger root(BigInteger square, BigInteger prime) {
        return square.modPow(prime.add(BigInteger.ONE).shiftRight(2), prime);
    }

    private static JWK ecKey(ECPrivateKey key, ECPoint point) {
        return new ECKey.Builder(Curve.P_256, coordinate(point.getAffineX()), coordinate(point.getAffineY()))
                .privateKey(key)
                .build();
    }

    private static Base64URL coordinate(BigInteger value) {
        return ECKey.encodeCoordinate(
                Curve.P_256.toECParameterSpec().getCurve().getField().getFieldSize(), value);
    }
}
