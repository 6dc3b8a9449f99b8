package dev.sojourn.spi;

import java.time.Duration;
import java.time.Instant;

/**
 * Encrypts and authenticates bytes as a text that a client keeps, and opens such texts. Implementations are immutable
 * or safely cached, thread-safe, and do no I/O.
 */
public interface SealFormat {
    /**
     * Returns this format for one purpose. A text that was sealed for one purpose does not open for another, because
     * each has a separate key.
     *
     * @param purpose what the texts are for, for example {@code session __Host-id}
     * @return the format for that purpose
     */
    SealFormat forPurpose(String purpose);

    /**
     * Encrypts and authenticates bytes with the current key.
     *
     * @param content the bytes
     * @param now the time, which chooses the key
     * @return the text, in characters that a cookie's value may hold
     */
    String seal(byte[] content, Instant now);

    /**
     * Opens a text. Never throws, whatever the text is.
     *
     * @param text what a client sent
     * @param now the time
     * @param maxAge the longest time since the text was sealed; an older one is refused without decrypting it. The
     *     granularity is a day, so the content states its own expiry
     * @return the content, or why there is none
     */
    Opened open(String text, Instant now, Duration maxAge);

    /**
     * Returns how long the text for some bytes is.
     *
     * @param bytes the number of bytes to seal
     * @return the number of characters
     */
    int sealedLength(int bytes);

    /** What came of opening a text. */
    sealed interface Opened {
        /**
         * The content of a text that this application sealed.
         *
         * @param bytes the content, a copy
         * @param outdated true if an older secret sealed it, so that it should be sealed again
         */
        @SuppressWarnings("ArrayRecordComponent") // a copy handed over, never compared as a record
        record Content(byte[] bytes, boolean outdated) implements Opened {
            /** Omits the content. */
            @Override
            public String toString() {
                return "Content[redacted]";
            }
        }

        /**
         * The text has the right form, but names a key that this node does not have: another node may have a newer
         * secret. Nobody may replace or remove it.
         */
        record UnknownKey() implements Opened {}

        /** The text was not sealed here for this purpose, was changed, or is too old. */
        record Refused() implements Opened {}
    }
}
