package dev.sojourn.demo.pages;

import dev.sojourn.SessionView;
import java.nio.charset.StandardCharsets;

/**
 * How many bytes the names and values of all attributes may have together. A session in a cookie has little room, and the
 * page can say so before the session would be refused.
 *
 * @param bytes the maximum
 */
record AttributeRoom(int bytes) {
    /** More than the attributes that the page accepts. */
    static final AttributeRoom IN_STORE = new AttributeRoom(Integer.MAX_VALUE);

    /**
     * Leaves some of the 2,987 bytes of a record that fit in a cookie of 4,093 bytes: for the times, the user, and the
     * attributes of other pages.
     */
    static final AttributeRoom IN_COOKIE = new AttributeRoom(2_400);

    /** The quotes, the colon and the comma of a JSON member. */
    private static final int PUNCTUATION = 6;

    /** Returns the size of all attributes once one of them is set. */
    int sizeWith(SessionView session, String name, String value) {
        int size = size(name, value);
        for (String other : session.names()) {
            if (!other.equals(name)) {
                size += size(other, String.valueOf(session.get(other, Object.class)));
            }
        }
        return size;
    }

    private static int size(String name, String value) {
        return PUNCTUATION + size(name) + size(value);
    }

    private static int size(String text) {
        int escaped = (int) text.chars().filter(c -> c == '"' || c == '\\').count();
        return text.getBytes(StandardCharsets.UTF_8).length + escaped;
    }
}
