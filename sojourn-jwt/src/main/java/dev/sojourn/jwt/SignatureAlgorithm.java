package dev.sojourn.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The signature algorithms that a {@link TrustedIssuer} may use (RFC 7518 §3.1). Algorithms with a shared secret are
 * missing on purpose: a service that can check such a token can also issue one. An algorithm counts only together with a key of its
 * type, so a token cannot choose how its key is used.
 */
@SuppressWarnings("ImmutableEnumChecker") // the fields are immutable types of nimbus, which does not say so
public enum SignatureAlgorithm {
    /** RSA with PKCS #1 padding and SHA-256. Checking costs an eighth of what {@link #ES256} costs, on JDK 17 less. */
    RS256(null),
    /** RSA with PKCS #1 padding and SHA-384. */
    RS384(null),
    /** RSA with PKCS #1 padding and SHA-512. */
    RS512(null),
    /** RSA with PSS padding and SHA-256. */
    PS256(null),
    /** RSA with PSS padding and SHA-384. */
    PS384(null),
    /** RSA with PSS padding and SHA-512. */
    PS512(null),
    /** ECDSA on P-256 with SHA-256. */
    ES256(Curve.P_256),
    /** ECDSA on P-384 with SHA-384. */
    ES384(Curve.P_384),
    /** ECDSA on P-521 with SHA-512. */
    ES512(Curve.P_521);

    private final @Nullable Curve curve;
    private final JWSAlgorithm jws = JWSAlgorithm.parse(name());
    private final JWSHeader header = new JWSHeader(jws);

    SignatureAlgorithm(@Nullable Curve curve) {
        this.curve = curve;
    }

    /** Returns the algorithm of a header or of a key, compared with case. */
    static Optional<SignatureAlgorithm> named(@Nullable String name) {
        for (SignatureAlgorithm each : values()) {
            if (each.name().equals(name)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    JWSAlgorithm jws() {
        return jws;
    }

    /** Returns a header that names this algorithm and nothing else. */
    JWSHeader header() {
        return header;
    }

    /** Returns whether a key is of this algorithm's type, and is not meant for another algorithm. */
    boolean fits(JWK key) {
        if (key.getAlgorithm() != null && !key.getAlgorithm().getName().equals(name())) {
            return false;
        }
        return curve == null ? key instanceof RSAKey : key instanceof ECKey ec && curve.equals(ec.getCurve());
    }
}
