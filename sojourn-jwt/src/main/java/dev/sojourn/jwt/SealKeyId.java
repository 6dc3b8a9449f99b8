package dev.sojourn.jwt;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Names the key of a sealed text in its header ({@code kid}): three characters for the secret, three for the UTC day. It
 * says neither which application nor which purpose the key is for.
 *
 * @param secret the first 18 bits of a hash of the secret, in base64url
 * @param day the number of days since 1970-01-01, up to 2687-09-25
 */
record SealKeyId(String secret, long day) {
    /** By how much another node's clock may be ahead when a day begins. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private static final int HALF = 3;
    private static final long LAST_DAY = (1 << 18) - 1;
    private static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /** Returns the name of a secret's key on the day of a time. */
    static SealKeyId of(String secret, Instant now) {
        long day = Math.floorDiv(now.getEpochSecond(), Duration.ofDays(1).toSeconds());
        if (day < 0 || day > LAST_DAY) {
            throw new IllegalArgumentException("the clock must be between 1970 and 2687, but is at " + now);
        }
        return new SealKeyId(secret, day);
    }

    /** Reads a {@code kid}, or returns empty if it is not six characters of base64url. */
    static Optional<SealKeyId> parse(String kid) {
        if (kid.length() != 2 * HALF || kid.chars().anyMatch(each -> BASE64URL.indexOf(each) < 0)) {
            return Optional.empty();
        }
        long day = 0;
        for (int i = HALF; i < kid.length(); i++) {
            day = day << 6 | BASE64URL.indexOf(kid.charAt(i));
        }
        return Optional.of(new SealKeyId(kid.substring(0, HALF), day));
    }

    /**
     * Returns whether a text that was sealed on this day can count: the day has begun, and its last moment is not longer
     * ago than the greatest age.
     */
    boolean isWithin(Instant now, Duration maxAge) {
        Instant begin = Instant.EPOCH.plus(Duration.ofDays(day));
        Instant end = begin.plus(Duration.ofDays(1));
        return Duration.between(now, begin).compareTo(SKEW) <= 0
                && Duration.between(end, now).compareTo(maxAge) < 0;
    }

    /** Returns the {@code kid}. */
    String text() {
        return secret
                + BASE64URL.charAt((int) (day >> 12) & 63)
                + BASE64URL.charAt((int) (day >> 6) & 63)
                + BASE64URL.charAt((int) day & 63);
    }
}
