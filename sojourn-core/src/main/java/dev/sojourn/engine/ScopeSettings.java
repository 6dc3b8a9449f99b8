package dev.sojourn.engine;

import dev.sojourn.CookieLifetime;
import dev.sojourn.SameSite;
import dev.sojourn.Transports;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.spi.TokenTransport.Terms;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What sessions that handlers can change are configured with, wherever they are kept: no store. */
public abstract class ScopeSettings extends CommonSettings {
    private static final Duration ONE_MINUTE = Duration.ofMinutes(1);
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    /** What carries the tokens, the transport of new tokens first. */
    final List<TokenTransport> transports;

    private final @Nullable CookieRules cookie;
    final RecordFormat recordFormat;
    final @Nullable String subjectAttribute;
    final Deadlines deadlines;
    final boolean idleTimeoutIsChosen;
    /** The paths whose requests do not restart the idle timeout. */
    final PathRules quiet;

    final SiteData siteData;
    final SecureRandom random;

    ScopeSettings(Builder from, RecordFormat recordFormat) {
        super(from, recordFormat::foreignRoundTrip);
        this.transports = from.transports != null ? from.transports : List.of(Transports.cookie());
        this.cookie = transports.stream()
                .flatMap(CookieTransport::rulesOf)
                .findFirst()
                .orElse(null);
        this.recordFormat = recordFormat;
        this.subjectAttribute = recordFormat.subjectAttribute().orElse(null);
        this.deadlines = deadlines(idle(from), from.absoluteTimeout, from.touchInterval);
        this.idleTimeoutIsChosen = from.idleTimeout != null;
        this.siteData = SiteData.of(from.clearSiteData);
        this.quiet = PathRules.of("a quiet", from.quietPaths);
        this.random = from.random;
    }

    /** Returns half an hour, or less if the application set only an absolute timeout that is shorter. */
    private static Duration idle(Builder from) {
        if (from.idleTimeout != null) {
            return from.idleTimeout;
        }
        boolean shorter = !from.absoluteTimeout.isZero() && from.absoluteTimeout.compareTo(HALF_AN_HOUR) < 0;
        return shorter ? from.absoluteTimeout : HALF_AN_HOUR;
    }

    private static Deadlines deadlines(Duration idle, Duration absolute, @Nullable Duration touchInterval) {
        checkTimeout("idleTimeout", idle);
        checkTimeout("absoluteTimeout", absolute);
        checkSomeTimeout(idle, absolute);
        if (!idle.isZero() && !absolute.isZero() && idle.compareTo(absolute) > 0) {
            throw new IllegalArgumentException(
                    "an idleTimeout of " + idle + " never comes before the absoluteTimeout of " + absolute
                            + ": shorten the one or lengthen the other");
        }
        Duration quarter = idle.dividedBy(4);
        Duration interval = touchInterval != null
                ? touchInterval
                : idle.isZero() || quarter.compareTo(ONE_MINUTE) > 0 ? ONE_MINUTE : quarter;
        if (interval.isNegative() || (!idle.isZero() && interval.compareTo(idle.dividedBy(2)) >= 0)) {
            throw new IllegalArgumentException(
                    "the touchInterval is at least zero and less than half of the idleTimeout of " + idle + ", not "
                            + interval);
        }
        return new Deadlines(idle, absolute, interval);
    }

    /** Checks a timeout, configured or of one session. */
    static void checkTimeout(String option, Duration timeout) {
        boolean inBounds = timeout.compareTo(Duration.ofSeconds(1)) >= 0 && timeout.compareTo(Deadlines.LONGEST) <= 0;
        if (!timeout.isZero() && !inBounds) {
            throw new IllegalArgumentException(
                    option + " lies between 1 second and 3650 days, or is Duration.ZERO for none, not " + timeout);
        }
    }

    static void checkSomeTimeout(Duration idle, Duration absolute) {
        if (idle.isZero() && absolute.isZero()) {
            throw new IllegalArgumentException(
                    "a session without an idleTimeout and without an absoluteTimeout would never end: set one of them");
        }
    }

    /** Returns the lifetime of a session's cookie: its own, or the configured one; other transports have none. */
    CookieLifetime cookieLifetime(SessionSettings session) {
        CookieLifetime own = session.cookieLifetime();
        if (own != null) {
            return own;
        }
        return cookie == null ? CookieLifetime.browserSession() : cookie.lifetime();
    }

    SameSite cookieSameSite() {
        return cookie == null ? SameSite.LAX : cookie.sameSite();
    }

    /** Throws if browsers would refuse the cookie with this rule. */
    void checkSameSite(SameSite rule) {
        if (rule == SameSite.NONE && cookie != null && !cookie.secure()) {
            throw new IllegalArgumentException("browsers refuse SameSite=None without Secure");
        }
    }

    /** Returns how long the client keeps the token of a session, and by which rule it sends it. */
    Terms terms(SessionSettings session, Instant expiresAt) {
        CookieLifetime lifetime = cookieLifetime(session);
        Duration maxAge = null;
        if (lifetime.isSession()) {
            Duration left = Duration.between(clock.instant(), expiresAt);
            maxAge = left.compareTo(CookieLifetime.LONGEST) > 0 ? CookieLifetime.LONGEST : left;
        } else if (!lifetime.isBrowserSession()) {
            maxAge = lifetime.maxAge();
        }
        return new Terms(maxAge, session.sameSite());
    }

    /** Collects the options of sessions that handlers can change. Its fields are the configuration's defaults. */
    public abstract static class Builder extends CommonSettings.Builder {
        /** See {@code Sessions.Config.transport}. */
        public @Nullable List<TokenTransport> transports;
        /** See {@code Sessions.Config.idleTimeout}. */
        public @Nullable Duration idleTimeout;
        /** See {@code Sessions.Config.absoluteTimeout}. */
        public Duration absoluteTimeout = Duration.ofHours(12);
        /** See {@code Sessions.Config.touchInterval}. */
        public @Nullable Duration touchInterval;
        /** See {@code Sessions.Config.quiet}. */
        public List<String> quietPaths = List.of();
        /** See {@code Sessions.Config.clearSiteData}. */
        public List<String> clearSiteData = List.of();
        /** See {@code Sessions.Config.random}. */
        public SecureRandom random = new SecureRandom();
        /** See {@code Sessions.Config.maxAttributes}. */
        public int maxAttributes = 1_000;

        Builder() {}
    }
}
