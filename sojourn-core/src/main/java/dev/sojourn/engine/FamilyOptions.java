package dev.sojourn.engine;

import dev.sojourn.spi.AccessTokenFormat;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the options that only sessions with access tokens and refresh tokens have. Its fields are the defaults. */
public final class FamilyOptions {
    /** See {@code TokenSessions.Config.access}. */
    public @Nullable AccessTokenFormat access;
    /** See {@code TokenSessions.Config.revocations}. */
    public @Nullable RevocationList revocations;
    /** See {@code TokenSessions.Config.accessLifetime}. */
    public Duration accessLifetime = Duration.ofMinutes(5);
    /** See {@code TokenSessions.Config.claims}. */
    public List<String> claims = List.of();
    /** See {@code TokenSessions.Config.lostAnswers}. */
    public Duration lostResponses = Duration.ZERO;

    /** The defaults. */
    public FamilyOptions() {}
}
