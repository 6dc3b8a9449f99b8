package dev.sojourn.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A public key that checks signatures. Two are equal if their keys are. Immutable and thread-safe. */
final class VerificationKey {
    private static final int SHORTEST_RSA = 2048;
    /** Checking with a longer key, or with a large exponent, would take milliseconds. */
    private static final int LONGEST_RSA = 8192;

    private static final int LONGEST_EXPONENT = 64;

    private final JWK key;
    private final JWSVerifier verifier;

    private VerificationKey(JWK key, JWSVerifier verifier) {
        this.key = key;
        this.verifier = verifier;
    }

    /**
     * Prepares a key.
     *
     * @param key a public key
     * @return empty if it is not an RSA key of 2,048 to 8,192 bits or a key on P-256, P-384 or P-521
     */
    static Optional<VerificationKey> of(JWK key) {
        try {
            if (key instanceof RSAKey rsa && isSound(rsa)) {
                return Optional.of(new VerificationKey(key, new RSASSAVerifier(rsa.toRSAPublicKey())));
            }
            if (key instanceof ECKey ec) {
                return Optional.of(new VerificationKey(key, new ECDSAVerifier(ec.toECPublicKey())));
            }
            return Optional.empty();
        } catch (JOSEException e) {
            return Optional.empty();
        }
    }

    private static boolean isSound(RSAKey key) {
        int length = bits(key.getModulus());
        return length >= SHORTEST_RSA && length <= LONGEST_RSA && bits(key.getPublicExponent()) <= LONGEST_EXPONENT;
    }

    private static int bits(Base64URL number) {
        return number.decodeToBigInteger().bitLength();
    }

    /**
     * Checks a signature.
     *
     * @param token the token
     * @param algorithm the algorithm that its header names
     * @return true if the algorithm is one of this key and the signature is right
     */
    boolean hasSigned(StrictCompact token, SignatureAlgorithm algorithm) {
        byte[] signed = (token.part(0) + '.' + token.part(1)).getBytes(StandardCharsets.US_ASCII);
        return hasSigned(algorithm, signed, new Base64URL(token.part(2)));
    }

    boolean hasSigned(SignatureAlgorithm algorithm, byte[] content, Base64URL signature) {
        try {
            return algorithm.fits(key) && verifier.verify(algorithm.header(), content, signature);
        } catch (JOSEException e) {
            return false;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerificationKey same && same.key.equals(key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }
}
