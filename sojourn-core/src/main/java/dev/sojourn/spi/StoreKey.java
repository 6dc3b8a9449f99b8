package dev.sojourn.spi;

import java.util.Objects;

/**
 * The name under which a store keeps one record: opaque text, derived from a session's id by the {@link RecordFormat}.
 * It is never the id itself, except in the format of another library that uses the id as its key, so {@link
 * #toString()} does not show it.
 *
 * <p>Immutable and thread-safe. Compare with {@link #equals}.
 */
public final class StoreKey {
    private final String text;

    private StoreKey(String text) {
        this.text = text;
    }

    /**
     * Creates a key from text.
     *
     * @param text the text that the store writes; not empty
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
     * Returns the text that the store writes.
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

    /** Shows no text: a format may use the raw id as its key. */
    @Override
    public String toString() {
        return "StoreKey[redacted]";
    }
}
