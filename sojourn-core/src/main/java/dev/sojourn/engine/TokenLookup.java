package dev.sojourn.engine;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import dev.sojourn.spi.TokenTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The token that a request came with, if this server issued it: checked by its signature alone, before any store call.
 *
 * @param route the route by which this id goes back to the client
 * @param next the route by which another id would
 * @param verified the verified token; null if there is none that counts
 * @param refusal what was wrong with the tokens that were there, or null
 * @param candidates the valid tokens, where there are several and few
 */
record TokenLookup(
        TokenRoute route,
        TokenRoute next,
        @Nullable VerifiedId verified,
        @Nullable TokenRefusal refusal,
        List<Candidate> candidates) {
    /** An honest client sends one token; a few more are considered where another host can plant cookies. */
    private static final int MOST_CANDIDATES = 4;

    /**
     * A token that this server issued.
     *
     * @param route the route by which it goes back to the client
     * @param next the route by which another id would
     * @param verified the verified token
     */
    record Candidate(TokenRoute route, TokenRoute next, VerifiedId verified) {
        /**
         * Returns the same token when it came by another route than the current one. An id that the current format cannot write
         * keeps its route until there is a new id.
         */
        Candidate movedTo(TokenRoute today) {
            return today.canCarry(verified.id())
                    ? new Candidate(today, today, verified.asOutdated())
                    : new Candidate(route, today, verified);
        }
    }

    /**
     * Finds the token of a request.
     *
     * @param exchange the request
     * @param routes the current routes
     * @param others the routes also accepted; these count only where no current one has a token
     * @param first the route of a new token for this client
     */
    static TokenLookup in(Exchange exchange, List<TokenRoute> routes, List<TokenRoute> others, TokenRoute first) {
        TokenLookup todays = among(exchange, routes, UnaryOperator.identity(), first);
        if (others.isEmpty() || todays.verified != null || todays.refusal == TokenRefusal.AMBIGUOUS) {
            return todays;
        }
        TokenLookup other = among(exchange, others, one -> one.movedTo(first), first);
        return other.verified == null && other.refusal == null ? todays : other;
    }

    private static TokenLookup among(
            Exchange exchange, List<TokenRoute> routes, UnaryOperator<Candidate> towards, TokenRoute first) {
        List<Candidate> valid = new ArrayList<>(1);
        boolean seen = false;
        boolean tooMany = false;
        for (TokenRoute route : routes) {
            TokenTransport.RequestTokens found = route.transport().read(exchange);
            tooMany |= found.refused() || found.tokens().size() > MOST_CANDIDATES;
            for (String token : tooMany ? List.<String>of() : found.tokens()) {
                seen = true;
                VerifiedId verified = route.verify(exchange, token).orElse(null);
                if (verified != null && !isAmong(valid, verified)) {
                    // Of one session the latest token counts, wherever else the client keeps an earlier one.
                    valid.removeIf(one -> one.verified().id().equals(verified.id()));
                    valid.add(towards.apply(new Candidate(route, route, verified)));
                }
            }
        }
        if (tooMany || valid.size() > MOST_CANDIDATES) {
            return none(first, TokenRefusal.AMBIGUOUS, List.of());
        }
        if (valid.size() == 1) {
            return by(valid.get(0), null);
        }
        TokenRefusal refusal = !valid.isEmpty() ? TokenRefusal.AMBIGUOUS : seen ? TokenRefusal.NOT_ISSUED : null;
        return none(first, refusal, List.copyOf(valid));
    }

    private static boolean isAmong(List<Candidate> valid, VerifiedId one) {
        for (Candidate each : valid) {
            if (each.verified().id().equals(one.id()) && each.verified().generation() >= one.generation()) {
                return true;
            }
        }
        return false;
    }

    private static TokenLookup by(Candidate one, @Nullable TokenRefusal refusal) {
        return new TokenLookup(one.route(), one.next(), one.verified(), refusal, List.of());
    }

    private static TokenLookup none(TokenRoute first, @Nullable TokenRefusal refusal, List<Candidate> candidates) {
        return new TokenLookup(first, first, null, refusal, candidates);
    }

    /** Whether the request carried several tokens and none of them has been chosen. */
    boolean isAmbiguous() {
        return verified == null && refusal == TokenRefusal.AMBIGUOUS;
    }

    /** Returns the lookup with one of several tokens chosen; that one is given to the client again. */
    TokenLookup choose(Candidate one) {
        return by(new Candidate(one.route(), one.next(), one.verified().asOutdated()), refusal);
    }

    /** Returns the lookup with another token, which this server gave the client. */
    TokenLookup withToken(VerifiedId token) {
        return new TokenLookup(
                verified != null && verified.id().equals(token.id()) ? route : next, next, token, null, List.of());
    }
}
