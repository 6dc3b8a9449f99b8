package dev.sojourn.express;

import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * How a record's version is derived from its bytes, since Express has no place for one: their first eight bytes of digest.
 * Which digest is up to the store, that has its database compute the same one.
 */
enum VersionDigest {
    /** What a script in Redis can compute. */
    SHA1("SHA-1"),
    /** What PostgreSQL can compute, also where MD5 is switched off. */
    SHA256("SHA-256");

    private final String algorithm;

    VersionDigest(String algorithm) {
        this.algorithm = algorithm;
    }

    /** The digest that fits a store; one that keeps versions beside its records takes any. */
    static VersionDigest of(SessionStore store) {
        return ForwardingStore.innermost(store) instanceof ExpressPostgresStore ? SHA256 : SHA1;
    }

    long version(byte[] record) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance(algorithm).digest(record))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
