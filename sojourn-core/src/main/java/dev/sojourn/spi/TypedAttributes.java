package dev.sojourn.spi;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request's attributes for an adapter that gives values of types which their JSON alone does not tell, such as a drop-in {@code
 * HttpSession}. That an attribute was written by a typed format stands in the record beside the attributes, where no attribute can
 * reach: JSON that a client, another language or {@link dev.sojourn.Session#set} put into an attribute is never taken for a typed
 * value, whatever it looks like.
 *
 * <p>Used by one thread at a time, like its {@link SessionScope}.
 */
public interface TypedAttributes {
    /**
     * An attribute as it is stored.
     *
     * @param json its JSON, in UTF-8
     * @param format the name of the typed format that wrote this very JSON; null if none did, and it is plain data
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes handed over, never compared as a record
    record Stored(byte[] json, @Nullable String format) {
        private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");

        /**
         * Checks that nothing is missing.
         *
         * @param json the JSON
         * @param format the format's name, or null
         */
        public Stored {
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
                        "a typed format's name has 1 to 32 characters of a-z, 0-9 and -, and '" + format + "' has not");
            }
            return format;
        }

        /** Shows nothing of the value. */
        @Override
        public String toString() {
            return "Stored[" + json.length + " bytes" + (format == null ? "" : ", " + format) + "]";
        }
    }

    /**
     * Reads an attribute. May block on the store, as every first use of a session.
     *
     * @param name its name
     * @return what is stored, or null if there is none
     */
    @Nullable
    Stored get(String name);

    /**
     * Sets an attribute.
     *
     * @param name its name
     * @param json its value, one JSON value in UTF-8; kept, not copied
     * @param format the name of the typed format that wrote it, or null for plain data
     * @throws IllegalArgumentException if the name is too long, not well-formed or has no place in the record format; if a format is
     *     named and the record format has no place for types; or if the format's name is none
     */
    void set(String name, byte[] json, @Nullable String format);

    /**
     * Whether the sessions' record format has a place for types that no attribute can reach.
     *
     * @return false where only plain data can be set
     */
    boolean keepsTypes();
}
