package dev.sojourn.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The examples of RFC 7515, appendices A.1 to A.3, and of RFC 7520, sections 4.1 to 4.4. */
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

    /** RFC 7520, section 4: the content is a text, not claims. */
    private static final String COOKBOOK_PAYLOAD =
            "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9v"
                    + "ci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcg"
                    + "d2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4";

    /** RFC 7520, section 3.4, the public part. */
    private static final String COOKBOOK_RSA =
            "{\"kty\":\"RSA\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\","
                    + "\"n\":\"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKr"
                    + "Kb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bT"
                    + "wJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQ"
                    + "kqgc5gHdrNP5zw\",\"e\":\"AQAB\"}";

    /** RFC 7520, section 3.1. */
    private static final String COOKBOOK_EC =
            "{\"kty\":\"EC\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\","
                    + "\"crv\":\"P-521\",\"x\":\"AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5"
                    + "cj0Kt\",\"y\":\"AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1\"}";

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

    @Test
    void rfc_7520_4_1_with_rs256() throws Exception {
        assertOnly(
                SignatureAlgorithm.RS256,
                COOKBOOK_RSA,
                "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9",
                "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDk"
                        + "oBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxn"
                        + "t8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf"
                        + "_fcIe8u9ipH84ogoree7vjbU5y18kDquDg");
    }

    @Test
    void rfc_7520_4_2_with_ps384() throws Exception {
        assertOnly(
                SignatureAlgorithm.PS384,
                COOKBOOK_RSA,
                "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9",
                "cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6_1OL"
                        + "PpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT3"
                        + "lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH51"
                        + "0a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw");
    }

    @Test
    void rfc_7520_4_3_with_es512() throws Exception {
        assertOnly(
                SignatureAlgorithm.ES512,
                COOKBOOK_EC,
                "eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9",
                "AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_sDDyYjnA"
                        + "MDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2");
    }

    @Test
    void rfc_7520_4_4_with_a_shared_secret_has_the_right_form_and_never_counts() throws Exception {
        StrictCompact token = cookbook(
                "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9",
                "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0");

        assertThat(token.header("kid")).isEqualTo("018c0ae5-4d9b-471b-bfd6-eef314bc7037");
        assertThat(SignatureAlgorithm.named(token.header("alg"))).isEmpty();
        assertThat(VerificationKey.of(JWK.parse("{\"kty\":\"oct\",\"kid\":\"018c0ae5-4d9b-471b-bfd6-eef314bc7037\","
                        + "\"use\":\"sig\",\"alg\":\"HS256\",\"k\":\"hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg\"}")))
                .isEmpty();
    }

    /** Asserts that a signature is right by its algorithm, and by no other one. */
    private static void assertOnly(SignatureAlgorithm algorithm, String jwk, String header, String signature)
            throws Exception {
        StrictCompact token = cookbook(header, signature);
        VerificationKey key = VerificationKey.of(JWK.parse(jwk)).orElseThrow();

        assertThat(SignatureAlgorithm.named(token.header("alg"))).hasValue(algorithm);
        for (SignatureAlgorithm each : SignatureAlgorithm.values()) {
            assertThat(key.hasSigned(token, each)).as("%s", each).isEqualTo(each == algorithm);
        }
    }

    private static StrictCompact cookbook(String header, String signature) {
        return read(header, COOKBOOK_PAYLOAD, signature);
    }

    private static StrictCompact read(String header, String signature) {
        return read(header, PAYLOAD, signature);
    }

    private static StrictCompact read(String header, String payload, String signature) {
        return StrictCompact.jws(header + "." + payload + "." + signature, Set.of("alg", "kid", "typ"))
                .orElseThrow();
    }
}
