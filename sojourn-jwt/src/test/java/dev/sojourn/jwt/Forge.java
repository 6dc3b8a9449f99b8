package dev.sojourn.jwt;

import dev.sojourn.spi.JsonMembers;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/** Makes tokens and JWKs with the JDK alone, right ones and wrong ones, without the library that checks them. */
final class Forge {
    private final KeyPair keys;
    private final String id;

    private Forge(KeyPair keys, String id) {
        this.keys = keys;
        this.id = id;
    }

    static Forge rsa(String id) {
        return rsa(id, 2048);
    }

    static Forge rsa(String id, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return new Forge(generator.generateKeyPair(), id);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Forge ec(String id) {
        return ec(id, "secp256r1");
    }

    static Forge ec(String id, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return new Forge(generator.generateKeyPair(), id);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    KeyPair keys() {
        return keys;
    }

    String id() {
        return id;
    }

    /** Returns a token of a payload, with a header that names this key's usual algorithm and {@code typ: at+jwt}. */
    String token(String payload) {
        return token("at+jwt", payload);
    }

    String token(String type, String payload) {
        String algorithm = keys.getPublic() instanceof RSAPublicKey ? "RS256" : "ES256";
        return token(
                "{\"typ\":\"" + type + "\",\"alg\":\"" + algorithm + "\",\"kid\":\"" + id + "\"}",
                payload,
                algorithm.equals("RS256") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
    }

    /** Returns a token of any header, signed by the JDK's algorithm of that name. */
    String token(String header, String payload, String signature) {
        String signed = encode(header) + "." + encode(payload);
        return signed + "." + encode(sign(signed.getBytes(StandardCharsets.US_ASCII), signature));
    }

    byte[] sign(byte[] content, String algorithm) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(keys.getPrivate());
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String jwk() {
        return jwk("\"use\":\"sig\"");
    }

    /** Returns the public key in JSON, with further members. */
    String jwk(String members) {
        String known = keys.getPublic() instanceof RSAPublicKey rsa
                ? "\"kty\":\"RSA\",\"n\":\"" + number(rsa.getModulus(), 0) + "\",\"e\":\""
                        + number(rsa.getPublicExponent(), 0) + "\""
                : ec((ECPublicKey) keys.getPublic());
        return "{\"kid\":\"" + id + "\"," + known + (members.isEmpty() ? "" : "," + members) + "}";
    }

    private static String ec(ECPublicKey key) {
        int bits = key.getParams().getCurve().getField().getFieldSize();
        int length = (bits + 7) / 8;
        return "\"kty\":\"EC\",\"crv\":\"P-" + bits + "\",\"x\":\""
                + number(key.getW().getAffineX(), length) + "\",\"y\":\""
                + number(key.getW().getAffineY(), length) + "\"";
    }

    /** Returns a JWKS document. */
    static String jwks(String... keys) {
        return "{\"keys\":[" + String.join(",", keys) + "]}";
    }

    private static String number(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        byte[] plain = Arrays.copyOfRange(bytes, from, bytes.length);
        if (plain.length >= length) {
            return encode(plain);
        }
        byte[] padded = new byte[length];
        System.arraycopy(plain, 0, padded, length - plain.length, plain.length);
        return encode(padded);
    }

    /** Returns one of the three parts of a token, as it was sent. */
    static String part(String token, int index) {
        return List.of(token.split("\\.", -1)).get(index);
    }

    /** Returns the text of a claim's JSON. */
    static String claim(JsonMembers claims, String name) {
        return new String(Objects.requireNonNull(claims.get(name), name).bytes(), StandardCharsets.UTF_8);
    }

    static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String decode(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }
}
