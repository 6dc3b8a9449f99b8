package dev.sojourn.jwt;

/**
 * The headers of a JWKS document ({@link TokenKeys#jwks()}), which other services fetch to check this application's
 * tokens. Constants.
 */
public final class Jwks {
    /** The media type of a JWK set (RFC 7517 §8.5.2): the value of {@code Content-Type}. */
    public static final String TYPE = "application/jwk-set+json";

    /**
     * The value of {@code Cache-Control}: caches may keep the document for ten minutes. It holds nothing secret, and a
     * key is published a day before it signs.
     */
    public static final String CACHE_CONTROL = "public, max-age=600";

    private Jwks() {}
}
