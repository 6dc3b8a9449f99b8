package dev.sojourn.engine;

import dev.sojourn.SessionTooLargeException;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Limits the size of a record, as its format writes it. */
final class RecordSizeLimit {
    private static final int ROOM_FOR_ENVELOPE = 512;
    private static final int NAMED = 3;

    private final RecordFormat format;
    private final int maxBytes;
    private final int maxAttributes;

    RecordSizeLimit(RecordFormat format, int maxBytes, int maxAttributes) {
        this.format = format;
        this.maxBytes = maxBytes;
        this.maxAttributes = maxAttributes;
    }

    /**
     * Throws if a change adds attributes to a record that then has too many. Two requests may each have seen room for
     * one.
     */
    void checkAdded(SessionRecord before, SessionRecord next) {
        boolean tooMany = next.attributes().hasMoreThan(maxAttributes);
        if (tooMany && next.attributes().hasMoreThan(before.attributes().names().size())) {
            throw tooMany(maxAttributes);
        }
    }

    static SessionTooLargeException tooMany(int maxAttributes) {
        return new SessionTooLargeException("the session would have more than " + maxAttributes
                + " attributes (c.maxAttributes). Keep many small values in one attribute, as a list or a map, and do not"
                + " let clients choose the names of attributes");
    }

    /**
     * Throws if a record is too large, and names its largest attributes. Writes the record only if its size is near the
     * limit.
     */
    void check(SessionRecord record, Instant now) {
        int length = record.attributes().length() + record.unknown().length();
        if (length + ROOM_FOR_ENVELOPE <= maxBytes) {
            return;
        }
        int exact = format.write(record, now).payload().length;
        if (exact > maxBytes) {
            throw new SessionTooLargeException("the session would have " + exact + " bytes, its limit is " + maxBytes
                    + " (c.maxSessionBytes, with Spring sojourn.max-session-size); its largest attributes: "
                    + largest(record, NAMED)
                    + ". Keep large data in a database and its key in the session");
        }
    }

    /** Returns the names and sizes of the largest attributes, for a message. */
    static String largest(SessionRecord record, int count) {
        return record.attributes().names().stream()
                .sorted(Comparator.comparingInt((String name) -> size(record, name))
                        .reversed())
                .limit(count)
                .map(name -> name + " (" + size(record, name) + " bytes)")
                .collect(Collectors.joining(", "));
    }

    private static int size(SessionRecord record, String name) {
        Slice slice = record.attributes().get(name);
        return slice == null ? 0 : slice.length();
    }
}
