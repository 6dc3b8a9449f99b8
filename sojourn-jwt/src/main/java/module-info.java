/** Sealed sessions and access tokens: JWE, JWS and JWKS. */
@org.jspecify.annotations.NullMarked
module dev.sojourn.jwt {
    requires transitive dev.sojourn;
    requires com.nimbusds.jose.jwt;
    requires static org.jspecify;

    exports dev.sojourn.jwt;
}
