package dev.sojourn.jdbc;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Keys and records for tests. */
final class Fixtures {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The time of every test. */
    @SuppressWarnings("TimeInStaticInitializer")
    static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private Fixtures() {}

    static StoreKey key() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return StoreKey.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    static StoredSession session(long version) {
        return session(version, NOW.plusSeconds(1_800), null);
    }

    static StoredSession session(long version, Instant expiresAt, @Nullable String subject) {
        byte[] payload = new byte[130];
        RANDOM.nextBytes(payload);
        return new StoredSession(payload, version, expiresAt, subject);
    }
}
