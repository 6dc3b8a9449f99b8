package dev.sojourn.redis;

import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Keys and records like those of the engine, and helpers for calls that fail. */
final class Fixtures {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Fixtures() {}

    static StoreKey key() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return StoreKey.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    static Instant in(long seconds) {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(seconds);
    }

    static StoredSession session(long version) {
        return session(version, in(600), null);
    }

    static StoredSession session(long version, Instant expiresAt, @Nullable String subject) {
        byte[] payload = ("{\"v\":" + version + "}").getBytes(StandardCharsets.UTF_8);
        return new StoredSession(payload, version, expiresAt, subject);
    }

    /** Opens a store whose timeout may be too short for the first connection of this JVM: repeats until it connects. */
    static RedisStore openEventually(RedisStore.Builder builder) {
        AtomicReference<@Nullable RedisStore> store = new AtomicReference<>();
        eventually("the store connects", () -> succeeds(() -> store.set(builder.build())));
        return Objects.requireNonNull(store.get(), "it connected");
    }

    /** Polls until a condition holds, for as long as a failover may take. */
    static void eventually(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not true within 40 s: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    /** Returns the exception of a call that fails because the store is unavailable. */
    static StoreException failure(Runnable call) {
        try {
            call.run();
        } catch (StoreException e) {
            return e;
        }
        throw new AssertionError("the call succeeded");
    }

    static boolean succeeds(Runnable call) {
        try {
            call.run();
            return true;
        } catch (StoreException e) {
            return false;
        }
    }
}
