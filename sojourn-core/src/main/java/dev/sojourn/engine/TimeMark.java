package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mark of an attribute that ends at a time: {@code until:} and the milliseconds since 1970. It is kept where {@link
 * TypeMark} is, so it ends with the value that it belongs to; an attribute has one of the two.
 */
final class TimeMark {
    private static final String PREFIX = "until:";
    private static final int MOST_DIGITS = 18;

    private TimeMark() {}

    static String of(Instant until) {
        return PREFIX + until.toEpochMilli();
    }

    /** Returns a mark for another value of the same attribute that ends at the same time; null if it does not end. */
    static @Nullable String kept(@Nullable String mark) {
        return mark != null && mark.startsWith(PREFIX) ? mark : null;
    }

    /** Returns the attributes that have not ended: the same instance if none has. */
    static JsonMembers withoutEnded(JsonMembers attributes, Instant now) {
        Map<String, String> marks = attributes.marks();
        if (marks.isEmpty()) {
            return attributes;
        }
        JsonMembers.Draft rest = attributes.draft();
        marks.forEach((name, mark) -> {
            if (hasPassed(mark, now)) {
                rest.remove(name);
            }
        });
        return rest.members();
    }

    /** A mark that is none of ours never passes. */
    private static boolean hasPassed(String mark, Instant now) {
        if (kept(mark) == null || mark.length() > PREFIX.length() + MOST_DIGITS) {
            return false;
        }
        try {
            return now.toEpochMilli() >= Long.parseLong(mark, PREFIX.length(), mark.length(), 10);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
