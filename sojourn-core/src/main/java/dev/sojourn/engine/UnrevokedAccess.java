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

    @Override
    public void revoke(StoreKey key, @Nullable SessionRecord record) {
        // A remembered browser has a generation too, but no access tokens.
        boolean hasAccessTokens = record != null && record.generation() != null && !RememberSettings.isBrowser(record);
        if (hasAccessTokens && warning.claim()) {
            EventBuffer.logger()
                    .log(
                            Level.WARNING,
                            "Sessions ended a session of TokenSessions, which shares its store. Its refresh token is refused,"
                                    + " but its access tokens count until they expire: call TokenSessions.of(user) to end a"
                                    + " user's sessions of both kinds, or Revocations.endAll(user) to end these access tokens");
        }
    }
}
