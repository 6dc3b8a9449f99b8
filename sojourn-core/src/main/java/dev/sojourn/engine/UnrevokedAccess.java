package dev.sojourn.engine;

import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import java.lang.System.Logger.Level;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * For an engine without revocations. Warns at most once an hour if a session that it ends has access tokens: the store is
 * shared with {@code TokenSessions}, which could have revoked them. Thread-safe.
 */
final class UnrevokedAccess implements AccessRevocation {
    private final OncePerHour warning;

    UnrevokedAccess(Clock clock) {
        this.warning = new OncePerHour(clock);
    }

    /** Remembered browsers, and sessions whose own token is renewed, have a generation too, but no timeouts that come with it. */
    private static boolean hasAccessTokens(SessionRecord record) {
        return record.generation() != null
                && record.settings().idleTimeout() != null
                && record.settings().absoluteTimeout() != null
                && !RememberSettings.isBrowser(record);
    }

    @Override
    public void revoke(StoreKey key, @Nullable SessionRecord record) {
        if (record != null && hasAccessTokens(record) && warning.claim()) {
            EventBuffer.logger()
                    .log(
                            Level.WARNING,
                            "Sessions ended a session of TokenSessions, which shares its store. Its refresh token is refused,"
                                    + " but its access tokens count until they expire: call TokenSessions.of(user) to end a"
                                    + " user's sessions of both kinds, or Revocations.endAll(user) to end these access tokens");
        }
    }
}
