package dev.sojourn.demo.pages;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A point in time, formatted for a page.
 *
 * @param iso the time for {@code <time datetime>}
 * @param text the day and time in UTC
 * @param relative the distance from the current time
 */
record Moment(String iso, String text, String relative) {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("d MMM HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    static Moment of(Instant time, Instant now) {
        Duration between =
                Duration.ofSeconds(Math.round(Duration.between(now, time).toMillis() / 1000.0));
        return new Moment(time.truncatedTo(ChronoUnit.SECONDS).toString(), CLOCK.format(time), relative(between));
    }

    private static String relative(Duration between) {
        String length = length(between.abs());
        if (length.isEmpty()) {
            return "now";
        }
        return between.isNegative() ? length + " ago" : "in " + length;
    }

    /** Returns the two largest units; empty for less than a second. */
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
