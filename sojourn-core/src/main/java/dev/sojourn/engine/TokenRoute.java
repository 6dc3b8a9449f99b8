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
 * How an id travels: what carries it, in which format.
 *
 * @param transport what carries it
 * @param format what it is written in
 */
record TokenRoute(TokenTransport transport, TokenFormat format) {
    void give(Exchange exchange, String id, Terms terms) {
        transport.write(exchange, formatIn(exchange).write(id), terms);
    }

    /** The id in a text that came this way, if this server issued it to this application. */
    Optional<VerifiedId> verify(Exchange exchange, String token) {
        return formatIn(exchange).read(token);
    }

    /** A cookie that is one application's has tokens that are. */
    private TokenFormat formatIn(Exchange exchange) {
        boolean bound = transport instanceof CookieTransport cookie && cookie.isNamedByApplication();
        return bound ? format.forApplication(exchange.applicationPath()) : format;
    }

    void takeAway(Exchange exchange, Terms terms) {
        transport.clear(exchange, terms);
    }

    /** Whether an id that another format made comes back from this one. */
    boolean canCarry(String id) {
        return format.read(format.write(id))
                .filter(read -> read.id().equals(id))
                .isPresent();
    }

    /** The cookie, if it is one. */
    Stream<CookieRules> cookies() {
        return transport instanceof CookieTransport cookie ? Stream.of(cookie.rules()) : Stream.empty();
    }

    /** Whether this and another way are cookies of two names. */
    boolean isCookieBeside(TokenRoute other, Exchange exchange) {
        return transport instanceof CookieTransport mine
                && other.transport instanceof CookieTransport its
                && !mine.rulesIn(exchange).name().equals(its.rulesIn(exchange).name());
    }

    /** Whether a request has a token of some kind that came this way. */
    boolean brings(Exchange exchange, BiPredicate<TokenRoute, String> kind) {
        return transport.read(exchange).tokens().stream().anyMatch(token -> kind.test(this, token));
    }

    /** Whether a request has anything that came this way, valid or not. */
    boolean isTakenBy(Exchange exchange) {
        TokenTransport.RequestTokens found = transport.read(exchange);
        return found.refused() || !found.tokens().isEmpty();
    }
}
