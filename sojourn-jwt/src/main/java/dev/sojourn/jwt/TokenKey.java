package dev.sojourn.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.sojourn.spi.LogText;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.text.ParseException;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A private key that signs access tokens: RSA of 2,048 to 8,192 bits, which signs with RS256, or EC on P-256, which signs
 * with ES256. RS256 costs other services at most an eighth of ES256 to check; ES256 makes tokens 250 characters shorter.
 *
 * <p>Create one on the command line, keep it like a password, and load it with {@link #fromPem}:
 *
 * <pre>{@code
 * openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048
 * openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class TokenKey {
    private static final byte[] SAMPLE = "sojourn".getBytes(StandardCharsets.US_ASCII);
    private static final int GENERATED_RSA = 2048;

    private final JWK key;
    private final SignatureAlgorithm algorithm;
    private final JWSSigner signer;
    private final VerificationKey open;
    private final String header;

    private TokenKey(JWK key, SignatureAlgorithm algorithm, VerificationKey open) throws JOSEException {
        this.key = key;
        this.algorithm = algorithm;
        this.signer = signer(key);
        this.open = open;
        this.header =
                encode("{\"typ\":\"at+jwt\",\"alg\":\"" + algorithm.name() + "\",\"kid\":\"" + key.getKeyID() + "\"}");
    }

    /**
     * Reads a private key in PEM: one block {@code BEGIN PRIVATE KEY}, as {@code openssl genpkey} writes it.
     *
     * @param pem the text, not the name of a file; line breaks may be written as {@code \n}, as some environments store
     *     them
     * @return the key
     * @throws IllegalArgumentException if the text is null, has another form, or if the key is of another kind or
     *     too short; the message explains what to do and shows nothing of the key
     */
    public static TokenKey fromPem(String pem) {
        requirePresent(pem, "PEM");
        return of(PemKeys.read(pem));
    }

    /**
     * Reads a private key in JSON (RFC 7517), as {@link #toJwk} and most key servers write it. Its {@code kid} is
     * ignored: the id of a key is computed from it.
     *
     * @param json the text of one JWK, not of a set
     * @return the key
     * @throws IllegalArgumentException if the text is null, is no private JWK, or if the key is of another kind, too
     *     short, or meant for another algorithm or use; the message shows nothing of the key
     */
    public static TokenKey fromJwk(String json) {
        requirePresent(json, "JWK");
        JWK key;
        try {
            key = JWK.parse(json);
        } catch (ParseException | RuntimeException e) {
            // The cause may quote the text.
            throw new IllegalArgumentException(
                    "one private key in JSON (RFC 7517) with kty RSA or EC is expected, but the text is none");
        }
        return of(key);
    }

    /**
     * Generates an RSA key of 2,048 bits with the runtime's strongest default source of randomness. Takes up to a
     * second. A node that generates its own key cannot check the tokens of other nodes, so keep {@link #toJwk}.
     *
     * @return the key
     */
    public static TokenKey generateRsa() {
        return generate("RSA", new RSAKeyGenParameterSpec(GENERATED_RSA, RSAKeyGenParameterSpec.F4));
    }

    /**
     * Generates a key on P-256 with the runtime's default source of randomness. A node that generates its own key cannot
     * check the tokens of other nodes, so keep {@link #toJwk}.
     *
     * @return the key
     */
    public static TokenKey generateEc() {
        return generate("EC", new ECGenParameterSpec("secp256r1"));
    }

    private static TokenKey generate(String kind, AlgorithmParameterSpec parameters) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            generator.initialize(parameters);
            var pair = generator.generateKeyPair();
            return of(
                    pair.getPublic() instanceof RSAPublicKey rsa
                            ? new RSAKey.Builder(rsa)
                                    .privateKey(pair.getPrivate())
                                    .build()
                            : new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                                    .privateKey(pair.getPrivate())
                                    .build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot generate " + kind + " keys", e);
        }
    }

    private static TokenKey of(JWK parsed) {
        if (!parsed.isPrivate()) {
            throw new IllegalArgumentException("a private key is expected, but this one has only public members");
        }
        SignatureAlgorithm algorithm = parsed instanceof RSAKey ? SignatureAlgorithm.RS256 : SignatureAlgorithm.ES256;
        if (!algorithm.fits(parsed) || (parsed.getKeyUse() != null && !KeyUse.SIGNATURE.equals(parsed.getKeyUse()))) {
            throw new IllegalArgumentException("a key for signing with RS256 (kty RSA) or ES256 (kty EC, crv P-256) is"
                    + " expected, but this one has kty " + parsed.getKeyType() + ", alg "
                    + shown(parsed.getAlgorithm()) + ", use " + shown(parsed.getKeyUse()));
        }
        try {
            JWK key = plain(parsed, algorithm);
            VerificationKey open = VerificationKey.of(key.toPublicJWK())
                    .orElseThrow(
                            () -> new IllegalArgumentException(
                                    "an RSA key must have 2,048 to 8,192 bits, but this one has " + key.size()
                                            + ": create one with `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`"));
            if (!isPair(key)) {
                throw new IllegalArgumentException("the private part of this key does not belong to its public part");
            }
            return new TokenKey(key, algorithm, open);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("this key cannot be used for signing with " + algorithm, e);
        }
    }

    /** Returns the key with nothing but its numbers, its id, its algorithm and its use. */
    private static JWK plain(JWK parsed, SignatureAlgorithm algorithm) throws JOSEException {
        if (parsed instanceof RSAKey rsa) {
            return new RSAKey.Builder(rsa.toRSAPublicKey())
                    .privateKey(rsa.toRSAPrivateKey())
                    .keyIDFromThumbprint()
                    .algorithm(algorithm.jws())
                    .keyUse(KeyUse.SIGNATURE)
                    .build();
        }
        ECKey ec = parsed.toECKey();
        return new ECKey.Builder(ec.getCurve(), ec.toECPublicKey())
                .privateKey(ec.toECPrivateKey())
                .keyIDFromThumbprint()
                .algorithm(algorithm.jws())
                .keyUse(KeyUse.SIGNATURE)
                .build();
    }

    /** Returns whether what the private part signs, the public part accepts. */
    static boolean isPair(JWK key) {
        SignatureAlgorithm algorithm = key instanceof RSAKey ? SignatureAlgorithm.RS256 : SignatureAlgorithm.ES256;
        try {
            Base64URL signature = signer(key).sign(algorithm.header(), SAMPLE);
            return VerificationKey.of(key.toPublicJWK())
                    .filter(open -> open.hasSigned(algorithm, SAMPLE, signature))
                    .isPresent();
        } catch (JOSEException | IllegalStateException e) {
            return false;
        }
    }

    private static JWSSigner signer(JWK key) throws JOSEException {
        return key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner(key.toECKey());
    }

    private static String shown(@Nullable Object member) {
        return member == null ? "none" : LogText.text(member.toString());
    }

    private static void requirePresent(@Nullable String text, String form) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("no key is set (is the environment variable missing?): create one with"
                    + " `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048` and pass its text in " + form);
        }
    }

    /**
     * Returns the id of this key: its SHA-256 thumbprint (RFC 7638), which all nodes compute alike.
     *
     * @return 43 characters of base64url, the {@code kid} of tokens and of the JWKS document; no secret
     */
    public String id() {
        return Objects.requireNonNull(key.getKeyID());
    }

    /**
     * Returns this key in JSON, with its private members, for keeping it.
     *
     * @return a secret: who has it can sign tokens
     */
    public String toJwk() {
        return key.toJSONString();
    }

    /** Returns the public members in JSON. Written member by member, so that no private one can get in. */
    String toPublicJwk() {
        String members = key instanceof RSAKey rsa
                ? "\"n\":\"" + rsa.getModulus() + "\",\"e\":\"" + rsa.getPublicExponent() + "\""
                : "\"crv\":\"P-256\",\"x\":\"" + key.toECKey().getX() + "\",\"y\":\""
                        + key.toECKey().getY() + "\"";
        return "{\"kty\":\"" + key.getKeyType() + "\",\"kid\":\"" + id() + "\",\"use\":\"sig\",\"alg\":\""
                + algorithm.name() + "\"," + members + "}";
    }

    SignatureAlgorithm algorithm() {
        return algorithm;
    }

    VerificationKey open() {
        return open;
    }

    /** Returns a JWS of some bytes with the type {@code at+jwt}. */
    String sign(byte[] payload) {
        String signed = header + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(payload);
        try {
            return signed + '.' + signer.sign(algorithm.header(), signed.getBytes(StandardCharsets.US_ASCII));
        } catch (JOSEException e) {
            throw new IllegalStateException("signing with " + algorithm + " failed", e);
        }
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Shows the algorithm and the id; the key stays out of logs. */
    @Override
    public String toString() {
        return "TokenKey[" + algorithm + ", " + id() + "]";
    }
}
