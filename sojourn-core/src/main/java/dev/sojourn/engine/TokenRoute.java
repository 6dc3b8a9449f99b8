package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenFormat;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.spi.TokenTransport.Terms;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * A transport together with a token format.
 *
 * @param transport what carries the token
 * @param format the token's format
 */
record TokenRoute(TokenTransport transport, TokenFormat format) {
    /** @param generation the generation of the token, which counts only if the format has room for it */
    void give(Exchange exchange, String id, long generation, Terms terms) {
        TokenFormat written = formatIn(exchange);
        transport.write(exchange, written.canRenew() ? written.write(id, generation) : written.write(id), terms);
    }

    /** Returns whether the tokens of this route travel in a cookie. */
    boolean isCookie() {
        return transport instanceof CookieTransport;
    }

    /** Returns the id of a token that used this route, if this server issued it to this application. */
    Optional<VerifiedId> verify(Exchange exchange, String token) {
        return formatIn(exchange).read(token);
    }

    /**
     * Returns the format for the request's application: a cookie that belongs to one application has tokens that do,
     * too.
     */
    private TokenFormat formatIn(Exchange exchange) {
        boolean bound = transport instanceof CookieTransport cookie && cookie.isNamedByApplication();
        return bound ? format.forApplication(exchange.applicationPath()) : format;
    }

    void takeAway(Exchange exchange, Terms terms) {
        transport.clear(exchange, terms);
    }

    /** Returns whether an id that another format created survives this one. */
    boolean canCarry(String id) {
        return format.read(format.write(id))
                .filter(read -> read.id().equals(id))
                .isPresent();
    }

    /** Returns the cookie, if this route uses one. */
    Stream<CookieRules> cookies() {
        return CookieTransport.rulesOf(transport);
    }

    /** Returns whether this and another route are cookies of different names. */
    boolean isCookieOfOtherName(TokenRoute other, Exchange exchange) {
        return transport instanceof CookieTransport mine
                && other.transport instanceof CookieTransport its
                && !mine.rulesIn(exchange).name().equals(its.rulesIn(exchange).name());
    }

    /** Returns whether a request has a matching token that used this route. */
    boolean hasToken(Exchange exchange, BiPredicate<TokenRoute, String> kind) {
        return transport.read(exchange).tokens().stream().anyMatch(token -> kind.test(this, token));
    }

    /** Returns whether a request has any token that used this route, valid or not. */
    boolean isUsedBy(Exchange exchange) {
        TokenTransport.RequestTokens found = transport.read(exchange);
        return found.refused() || !found.tokens().isEmpty();
    }
}
