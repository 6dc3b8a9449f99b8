package dev.sojourn.spi;

import java.util.Optional;

/**
 * Turns a session's id into the text that travels, and back. Implementations are immutable and thread-safe and do no
 * I/O.
 */
public interface TokenFormat {
    /**
     * The text for an id, signed with the first secret.
     *
     * @param id the id
     * @return the wire text, in characters that a cookie's value may hold
     */
    String write(String id);

    /**
     * Checks a wire text. Never throws, whatever the text is.
     *
     * @param token what a client sent
     * @return the id if this server issued it, or empty
     */
    Optional<Verified> read(String token);

    /**
     * This format for one of several applications that share a server and its secrets: what it writes for one is worth
     * nothing to another. Used for cookies that were given no name, each of which belongs to one application.
     *
     * @param application the path that the application is mounted at; empty for the root
     * @return the format; by default this one, for all applications
     */
    default TokenFormat boundTo(String application) {
        return this;
    }

    /**
     * Whether a wire text has the form of a token, whoever signed it. For a hint in the log, never for a decision.
     *
     * @param token what a client sent
     * @return true if only the signature can be wrong; by default false, which gives no hint
     */
    default boolean isWellFormed(String token) {
        return false;
    }

    /**
     * An id that this server issued.
     *
     * @param id the id
     * @param outdated true if an older secret signed it, so that the client should get it signed anew
     */
    record Verified(String id, boolean outdated) {
        /** Never shows the id. */
        @Override
        public String toString() {
            return "Verified[redacted]";
        }
    }
}
