package dev.sojourn.spi;

import dev.sojourn.SameSite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries a token between client and server. Only a transport reads and writes headers. Implementations are immutable
 * and thread-safe and do no I/O.
 */
public interface TokenTransport {
    /**
     * Returns the tokens that the request carries, unchecked.
     *
     * @param exchange the request
     * @return the tokens
     */
    RequestTokens read(Exchange exchange);

    /**
     * Returns why a token cannot be given to this client, if so.
     *
     * @param exchange the request and its response
     * @return a sentence that states what to do about it, or empty if the token can be given
     */
    Optional<String> refusal(Exchange exchange);

    /**
     * Gives the client a token. Replaces one that this response may already carry.
     *
     * @param exchange the response
     * @param token the token
     * @param terms how long and where the client may use it
     */
    void write(Exchange exchange, String token, Terms terms);

    /**
     * Removes the client's token. Replaces one that this response may already carry.
     *
     * @param exchange the response
     * @param terms the terms under which the token was given
     */
    void clear(Exchange exchange, Terms terms);

    /**
     * Removes the client's further tokens, except the one that this transport would issue: used if the client sent
     * several and the right one cannot be determined. A new token that the response carries stays.
     *
     * @param exchange the request and its response
     * @return whether the response contains such a removal; false by default
     */
    default boolean clearStrayTokens(Exchange exchange) {
        return false;
    }

    /**
     * Returns the request header that a response depends on if its session was read.
     *
     * @return the name for {@code Vary}
     */
    String varyHeader();

    /**
     * The tokens of one request.
     *
     * @param tokens the tokens, unchecked, in the order of the request
     * @param refused true if no regular client would send the tokens like this, so that none is accepted
     */
    record RequestTokens(List<String> tokens, boolean refused) {
        /** No token. */
        public static final RequestTokens NONE = new RequestTokens(List.of(), false);
        /** Tokens that must not be used. */
        public static final RequestTokens REFUSED = new RequestTokens(List.of(), true);

        /**
         * Copies the list.
         *
         * @param tokens the tokens
         * @param refused whether none is accepted
         */
        public RequestTokens {
            tokens = List.copyOf(tokens);
        }

        /** Shows no token. */
        @Override
        public String toString() {
            return "RequestTokens[" + tokens.size() + " tokens]";
        }
    }

    /**
     * The settings of one session for its token that override the configuration.
     *
     * @param maxAge how long the client keeps the token; null until the browser's session ends
     * @param sameSite the session's own rule, or null for the configured one
     */
    record Terms(@Nullable Duration maxAge, @Nullable SameSite sameSite) {}
}
