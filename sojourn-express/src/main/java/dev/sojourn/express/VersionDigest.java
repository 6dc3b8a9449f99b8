package dev.sojourn.express;

import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Derives a record's version from its bytes, because Express's records have no place for one: the first eight bytes of a
 * digest. The store decides which digest, because its database computes the same one.
 */
enum VersionDigest {
    /** The digest that a script in Redis can compute. */
    SHA1("SHA-1"),
    /** The digest that PostgreSQL can compute, also where MD5 is disabled. */
    SHA256("SHA-256");

    private final String algorithm;

    VersionDigest(String algorithm) {
        this.algorithm = algorithm;
    }

    /** Returns the digest for a store. A store that keeps versions next to its records works with either. */
    static VersionDigest of(SessionStore store) {
        return ForwardingStore.innermost(store) instanceof ExpressPostgresStore ? SHA256 : SHA1;
    }

    long version(byte[] record) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance(algorithm).digest(record))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
