package dev.sojourn.spi;

import java.util.Objects;

/**
 * The name under which a store keeps one record: opaque text, derived from a session's id by the
 * {@link RecordFormat}. It is never the id itself, unless the format is another library's whose key is the id, so
 * {@link #toString()} does not show it.
 *
 * <p>Immutable and thread-safe. Compare with {@link #equals}.
 */
public final class StoreKey {
    private final String text;

    private StoreKey(String text) {
        this.text = text;
    }

    /**
     * A key of this text.
     *
     * @param text what the store writes; not empty
     * @return the key
     * @throws IllegalArgumentException if the text is empty
     */
    public static StoreKey of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a store key needs at least one character");
        }
        return new StoreKey(text);
    }

    /**
     * What the store writes.
     *
     * @return the text; keep it out of logs and messages
     */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoreKey key && key.text.equals(text);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(text);
    }

    /** Says only that this is a key: a format may use the raw id as its key. */
    @Override
    public String toString() {
        return "StoreKey[redacted]";
    }
}
