package dev.sojourn.redis;

import java.time.Duration;
import java.time.Instant;

/** Converts times to milliseconds as Redis commands take them. Instants out of Redis's range become the nearest in range. */
final class RedisTime {
    /** The latest instant that is sent to Redis. */
    static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private static final Instant EARLIEST = Instant.ofEpochMilli(1);

    private RedisTime() {}

    /** Returns milliseconds since 1970. */
    static long epochMillis(Instant instant) {
        if (instant.isAfter(LATEST)) {
            return LATEST.toEpochMilli();
        }
        return (instant.isBefore(EARLIEST) ? EARLIEST : instant).toEpochMilli();
    }

    /** Returns milliseconds since 1970, in decimal digits. */
    static byte[] millis(Instant instant) {
        return KeyedCommand.decimal(epochMillis(instant));
    }

    /** Returns the milliseconds from one instant to another, in decimal digits; negative if the second is earlier. */
    static byte[] millisBetween(Instant now, Instant then) {
        return KeyedCommand.decimal(epochMillis(then) - epochMillis(now));
    }

    /** Returns how many milliseconds to keep a key until an instant and for a span after it, in decimal digits; at least 1. */
    static byte[] timeToLive(Instant now, Instant then, Duration span) {
        return KeyedCommand.decimal(Math.max(1, epochMillis(then) - epochMillis(now) + span.toMillis()));
    }
}
