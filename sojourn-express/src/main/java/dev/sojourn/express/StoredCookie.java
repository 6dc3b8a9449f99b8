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
 * The field {@code cookie} of a record of Express. {@code originalMaxAge}, in milliseconds, is both how long the session lives
 * without being used and how long the browser keeps the cookie; {@code expires} is when that was to end at the time of
 * writing. Both are null where the cookie ends with the browser. Other members pass through byte for byte.
 *
 * @param members what it is made of
 */
record StoredCookie(JsonMembers members) {
    static final StoredCookie EMPTY = new StoredCookie(JsonMembers.EMPTY);

    /** As {@code Date.toJSON} writes it: always three digits of milliseconds. */
    private static final DateTimeFormatter ISO =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private static final String MAX_AGE = "originalMaxAge";
    private static final String EXPIRES = "expires";
    private static final String SAME_SITE = "sameSite";

    /** A second at least: less cannot be said to a browser. */
    private static final Duration SHORTEST_COOKIE = Duration.ofSeconds(1);

    private static final Duration LONGEST_IDLE = Duration.ofDays(3_650);

    /** The time that it asks for, in milliseconds, or null if it ends with the browser. */
    @Nullable
    Long originalMaxAge() {
        return Json.whole(members.get(MAX_AGE));
    }

    /** How long the session lives without being used, or null if that is the store's to say. */
    @Nullable
    Duration idle() {
        Long millis = originalMaxAge();
        if (millis == null) {
            return null;
        }
        // Express takes zero and less, and means that the session is over: no time at all would mean none to end it.
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

    /** When it was written, as far as it tells. */
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

    /** {@code true} is strict; what is not known counts as not said. */
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

    /** With other times: null for a cookie that ends with the browser. */
    StoredCookie withTimes(@Nullable Long maxAgeMillis, @Nullable Instant expires) {
        return with(MAX_AGE, String.valueOf(maxAgeMillis))
                .with(EXPIRES, expires == null ? "null" : '"' + ISO.format(expires) + '"');
    }

    StoredCookie with(String name, String json) {
        return new StoredCookie(members.with(name, Json.utf8(json)));
    }
}
