package dev.sojourn.spi;

import java.util.Optional;

/**
 * Encodes a session's id as the text that travels, and decodes it. Implementations are immutable and thread-safe and do
 * no I/O.
 */
public interface TokenFormat {
    /**
     * Encodes an id, signed with the first secret.
     *
     * @param id the id
     * @return the token, in characters that a cookie's value may hold
     */
    String write(String id);

    /**
     * Checks a token. Never throws, whatever the text is.
     *
     * @param token what a client sent
     * @return the id if this server issued it, or empty
     */
    Optional<VerifiedId> read(String token);

    /**
     * Returns this format for one of several applications that share a server and its secrets: a token of one is
     * invalid in another. Used for cookies with a default name, each of which belongs to one application.
     *
     * @param application the path at which the application is mounted; empty for the root
     * @return the format; by default this one, for all applications
     */
    default TokenFormat forApplication(String application) {
        return this;
    }

    /**
     * Returns whether tokens of this format have a generation, so that the token of a session can be replaced from time to time
     * ({@code renewTokenEvery}).
     *
     * @return false by default, so that it cannot be configured
     */
    default boolean canRenew() {
        return false;
    }

    /**
     * Encodes an id and the generation of its token, signed with the first secret. Each generation of an id has one text for
     * each secret.
     *
     * @param id the id
     * @param generation the generation, at least 1; the first one may be what {@link #write(String)} returns
     * @return the token, in characters that a cookie's value may hold
     * @throws UnsupportedOperationException unless {@link #canRenew}
     */
    default String write(String id, long generation) {
        throw new UnsupportedOperationException("tokens of this format have no generation");
    }

    /**
     * Returns whether a text has the form of a token, regardless of its signature. For a hint in the log, never for a
     * decision.
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
     * @param outdated true if an older secret signed it, so that the client should get a new token
     * @param generation the generation of the token; {@link #NO_GENERATION} if the format has none
     */
    record VerifiedId(String id, boolean outdated, long generation) {
        /** The generation of a token that has none: it is neither replaced nor refused because of its age. */
        public static final long NO_GENERATION = 0;

        /**
         * Creates the id of a token that has no generation.
         *
         * @param id the id
         * @param outdated true if an older secret signed it
         */
        public VerifiedId(String id, boolean outdated) {
            this(id, outdated, NO_GENERATION);
        }

        /**
         * Returns the same token as one that the client should get a new one for.
         *
         * @return an outdated token
         */
        public VerifiedId asOutdated() {
            return new VerifiedId(id, true, generation);
        }

        /** Omits the id. */
        @Override
        public String toString() {
            return "VerifiedId[redacted]";
        }
    }
}
