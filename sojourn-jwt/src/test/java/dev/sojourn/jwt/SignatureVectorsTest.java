package dev.sojourn.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The examples of RFC 7515, appendices A.1 to A.3. */
class SignatureVectorsTest {
    private static final String PAYLOAD =
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private static final String RSA = "{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26m"
            + "PddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OM"
            + "g0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_"
            + "I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\",\"e\":\"AQAB\"}";
    private static final String RSA_SIGNATURE = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm"
            + "4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPv"
            + "kSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYE"
            + "UipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    private static final String EC =
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvR"
                    + "VEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";
    private static final String EC_SIGNATURE =
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    /** A shared secret is no algorithm here, and no key fits it. */
    @Test
    void a_1_with_a_shared_secret_has_the_right_form_and_never_counts() throws Exception {
        StrictCompact token =
                read("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

        assertThat(token.header("alg")).isEqualTo("HS256");
        assertThat(SignatureAlgorithm.named("HS256")).isEmpty();
        assertThat(VerificationKey.of(
                        JWK.parse("{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1"
                                + "qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}")))
                .isEmpty();
    }

    @Test
    void a_2_with_rs256() throws Exception {
        VerificationKey key = VerificationKey.of(JWK.parse(RSA)).orElseThrow();

        assertThat(key.hasSigned(read("eyJhbGciOiJSUzI1NiJ9", RSA_SIGNATURE), SignatureAlgorithm.RS256))
                .isTrue();
        for (SignatureAlgorithm other : SignatureAlgorithm.values()) {
            assertThat(key.hasSigned(read("eyJhbGciOiJSUzI1NiJ9", RSA_SIGNATURE), other))
                    .as("%s", other)
                    .isEqualTo(other == SignatureAlgorithm.RS256);
        }
    }

    @Test
    void a_3_with_es256() throws Exception {
        VerificationKey key = VerificationKey.of(JWK.parse(EC)).orElseThrow();

        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            assertThat(key.hasSigned(read("eyJhbGciOiJFUzI1NiJ9", EC_SIGNATURE), algorithm))
                    .as("%s", algorithm)
                    .isEqualTo(algorithm == SignatureAlgorithm.ES256);
        }
        assertThat(key.hasSigned(read("eyJhbGciOiJSUzI1NiJ9", EC_SIGNATURE), SignatureAlgorithm.ES256))
                .as("the header is signed too")
                .isFalse();
    }

    private static StrictCompact read(String header, String signature) {
        return StrictCompact.jws(header + "." + PAYLOAD + "." + signature, Set.of("alg", "typ"))
                .orElseThrow();
    }
}
