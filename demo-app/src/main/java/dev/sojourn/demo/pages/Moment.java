package dev.sojourn.demo.pages;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A time, for people and for machines.
 *
 * @param machine as {@code <time datetime>} wants it
 * @param clock the time of day
 * @param distance how far away it is
 */
record Moment(String machine, String clock, String distance) {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("d MMM HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    static Moment of(Instant time, Instant now) {
        Duration between =
                Duration.ofSeconds(Math.round(Duration.between(now, time).toMillis() / 1000.0));
        return new Moment(time.truncatedTo(ChronoUnit.SECONDS).toString(), CLOCK.format(time), distance(between));
    }

    private static String distance(Duration between) {
        String length = length(between.abs());
        if (length.isEmpty()) {
            return "now";
        }
        return between.isNegative() ? length + " ago" : "in " + length;
    }

    /** The two largest units. */
    private static String length(Duration length) {
        if (length.toHours() > 0) {
            return length.toHours() + " h " + length.toMinutesPart() + " min";
        }
        if (length.toMinutes() > 0) {
            return length.toMinutes() + " min " + length.toSecondsPart() + " s";
        }
        return length.toSeconds() > 0 ? length.toSeconds() + " s" : "";
    }
}
