package dev.sojourn.spi;

import dev.sojourn.SameSite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a token travels between client and server. Only a transport touches headers. Implementations are immutable and
 * thread-safe and do no I/O.
 */
public interface TokenTransport {
    /**
     * The tokens that the request carries, unchecked.
     *
     * @param exchange the request
     * @return what was found
     */
    Presented read(Exchange exchange);

    /**
     * Why a token cannot be given to this client, if so.
     *
     * @param exchange the request and its response
     * @return a sentence that says what to do about it, or empty if the token can be given
     */
    Optional<String> refusal(Exchange exchange);

    /**
     * Gives the client a token, in place of one that this response may carry already.
     *
     * @param exchange the response
     * @param token the wire text
     * @param terms how long and where the client may use it
     */
    void write(Exchange exchange, String token, Terms terms);

    /**
     * Takes the client's token away, in place of one that this response may carry already.
     *
     * @param exchange the response
     * @param terms the terms under which the token was given
     */
    void clear(Exchange exchange, Terms terms);

    /**
     * Takes away what the client has beside the one token that this transport would give it: where it sent several, and
     * which of them is its own cannot be told. The one in the place of a new token stays.
     *
     * @param exchange the request and its response
     * @return whether the response says anything about it; by default nothing
     */
    default boolean untangle(Exchange exchange) {
        return false;
    }

    /**
     * The request header that a response depends on when its session was read.
     *
     * @return the name for {@code Vary}
     */
    String variesOn();

    /**
     * The tokens of one request.
     *
     * @param tokens what was found, unchecked, in the order of the request
     * @param refused true if the request carried tokens in a way that no honest client would send, so that none counts
     */
    record Presented(List<String> tokens, boolean refused) {
        /** No token at all. */
        public static final Presented NONE = new Presented(List.of(), false);
        /** Tokens, but none that may be used. */
        public static final Presented REFUSED = new Presented(List.of(), true);

        /**
         * Keeps its own copy.
         *
         * @param tokens what was found
         * @param refused whether none of it counts
         */
        public Presented {
            tokens = List.copyOf(tokens);
        }

        /** Never shows a token. */
        @Override
        public String toString() {
            return "Presented[" + tokens.size() + " tokens]";
        }
    }

    /**
     * What this session asks of its token beyond the configuration.
     *
     * @param maxAge how long the client keeps the token; null to forget it with the browser's session
     * @param sameSite the session's own rule, or null for the configured one
     */
    record Terms(@Nullable Duration maxAge, @Nullable SameSite sameSite) {}
}
