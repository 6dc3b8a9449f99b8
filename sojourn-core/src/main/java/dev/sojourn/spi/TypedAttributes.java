package dev.sojourn.spi;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request's attributes for an adapter whose values have types that their JSON alone does not show, such as a drop-in
 * {@code HttpSession}. The record keeps the name of the typed format next to the attribute, where no attribute can
 * reach it: JSON that a client, another language or {@link dev.sojourn.Session#set} put into an attribute is never
 * taken for a typed value, whatever it looks like.
 *
 * <p>Used by one thread at a time, like its {@link SessionScope}.
 */
public interface TypedAttributes {
    /**
     * The stored value of an attribute.
     *
     * @param json its JSON, in UTF-8
     * @param format the name of the typed format that wrote this exact JSON; null for plain data
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes handed over, never compared as a record
    record TypedValue(byte[] json, @Nullable String format) {
        private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");

        /**
         * Checks that nothing is missing.
         *
         * @param json the JSON
         * @param format the format's name, or null
         */
        public TypedValue {
            Objects.requireNonNull(json, "json");
        }

        /**
         * Checks the name of a typed format.
         *
         * @param format the name
         * @return the name
         * @throws IllegalArgumentException if it is not 1 to 32 characters of a-z, 0-9 and -
         */
        public static String requireFormat(String format) {
            if (!NAME.matcher(format).matches()) {
                throw new IllegalArgumentException(
                        "a typed format's name must have 1 to 32 characters of a-z, 0-9 and -, but was '" + format
                                + "'");
            }
            return format;
        }

        /** Shows nothing of the value. */
        @Override
        public String toString() {
            return "TypedValue[" + json.length + " bytes" + (format == null ? "" : ", " + format) + "]";
        }
    }

    /**
     * Reads an attribute. May block on the store, like every first use of a session.
     *
     * @param name its name
     * @return the stored value, or null if there is none
     */
    @Nullable
    TypedValue get(String name);

    /**
     * Sets an attribute.
     *
     * @param name its name
     * @param json its value, one JSON value in UTF-8; kept, not copied
     * @param format the name of the typed format that wrote it, or null for plain data
     * @throws IllegalArgumentException if the name is too long, not well-formed or not allowed by the record format; if
     *     a format is given and the record format cannot keep types; or if the format's name is invalid
     */
    void set(String name, byte[] json, @Nullable String format);

    /**
     * Returns whether the record format can keep types where no attribute can reach them.
     *
     * @return false if only plain data can be set
     */
    boolean keepsTypes();
}
