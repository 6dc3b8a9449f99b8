package dev.sojourn.express;

import dev.sojourn.CookieLifetime;
import dev.sojourn.SameSite;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The field {@code cookie} of an Express record. {@code originalMaxAge}, in milliseconds, is both the session's idle timeout
 * and the cookie's lifetime in the browser. {@code expires} is the resulting end at the time of writing. Both are null if the
 * cookie ends with the browser. Other members pass through byte for byte.
 *
 * @param members the members of the field
 */
record StoredCookie(JsonMembers members) {
    static final StoredCookie EMPTY = new StoredCookie(JsonMembers.EMPTY);

    /** The format of {@code Date.toJSON}: always three digits of milliseconds. */
    private static final DateTimeFormatter ISO =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private static final String MAX_AGE = "originalMaxAge";
    private static final String EXPIRES = "expires";
    private static final String SAME_SITE = "sameSite";

    /** One second: {@code Max-Age} has no fractions. */
    private static final Duration SHORTEST_COOKIE = Duration.ofSeconds(1);

    private static final Duration LONGEST_IDLE = Duration.ofDays(3_650);

    /** Returns the lifetime in milliseconds, or null if the cookie ends with the browser. */
    @Nullable
    Long originalMaxAge() {
        return Json.whole(members.get(MAX_AGE));
    }

    /** Returns the session's idle timeout, or null if the store decides. */
    @Nullable
    Duration idle() {
        Long millis = originalMaxAge();
        if (millis == null) {
            return null;
        }
        // Express accepts zero and less for a session that is over. Here a zero timeout would mean none.
        Duration idle = Duration.ofMillis(Math.max(1, millis));
        return idle.compareTo(LONGEST_IDLE) > 0 ? LONGEST_IDLE : idle;
    }

    CookieLifetime lifetime() {
        Duration idle = idle();
        if (idle == null) {
            return CookieLifetime.browserSession();
        }
        Duration atLeast = idle.compareTo(SHORTEST_COOKIE) < 0 ? SHORTEST_COOKIE : idle;
        return CookieLifetime.of(atLeast.compareTo(CookieLifetime.LONGEST) > 0 ? CookieLifetime.LONGEST : atLeast);
    }

    /** Returns when the cookie was written, or null if that cannot be derived. */
    @Nullable
    Instant writtenAt() {
        String expires = Json.text(members.get(EXPIRES));
        Long maxAge = originalMaxAge();
        if (expires == null || maxAge == null) {
            return null;
        }
        try {
            return Instant.parse(expires).minusMillis(maxAge).truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    /** Returns the rule, or null if it is missing or not known. The value {@code true} means strict. */
    @Nullable
    SameSite sameSite() {
        String rule = Json.text(members.get(SAME_SITE));
        if (rule == null) {
            Slice other = members.get(SAME_SITE);
            boolean strict = other != null && new String(other.bytes(), StandardCharsets.US_ASCII).equals("true");
            return strict ? SameSite.STRICT : null;
        }
        return switch (rule.toLowerCase(Locale.ROOT)) {
            case "strict" -> SameSite.STRICT;
            case "lax" -> SameSite.LAX;
            case "none" -> SameSite.NONE;
            default -> null;
        };
    }

    StoredCookie withSameSite(@Nullable SameSite rule) {
        return rule == null || rule == sameSite()
                ? this
                : with(SAME_SITE, '"' + rule.name().toLowerCase(Locale.ROOT) + '"');
    }

    /** Returns a copy with other times; null for a cookie that ends with the browser. */
    StoredCookie withTimes(@Nullable Long maxAgeMillis, @Nullable Instant expires) {
        return with(MAX_AGE, String.valueOf(maxAgeMillis))
                .with(EXPIRES, expires == null ? "null" : '"' + ISO.format(expires) + '"');
    }

    StoredCookie with(String name, String json) {
        return new StoredCookie(members.with(name, Json.utf8(json)));
    }
}
