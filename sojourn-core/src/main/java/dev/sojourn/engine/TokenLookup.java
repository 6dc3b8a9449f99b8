package dev.sojourn.engine;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenFormat.Verified;
import dev.sojourn.spi.TokenTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The token that a request came with, if this server issued it: checked by its signature alone, before any store is
 * asked.
 *
 * @param way how this id goes back to the client
 * @param next how another id would
 * @param verified the id, or null if there is none to believe
 * @param refusal what was wrong with what was there, or null
 * @param candidates the valid tokens, where there are several and few
 */
record TokenLookup(
        TokenRoute way,
        TokenRoute next,
        @Nullable Verified verified,
        @Nullable TokenRefusal refusal,
        List<Candidate> candidates) {
    /** An honest client sends one; a few more are looked at where another host can plant cookies. */
    private static final int MOST_CANDIDATES = 4;

    /**
     * A token that this server issued.
     *
     * @param way how it goes back to the client
     * @param next how another id would
     * @param verified the id
     */
    record Candidate(TokenRoute way, TokenRoute next, Verified verified) {
        /**
         * The same token once it came another way than today's. What today's format has no way to write, an id of a foreign
         * kind, goes on as it came until there is a new id.
         */
        Candidate leadingTo(TokenRoute today) {
            return today.canCarry(verified.id())
                    ? new Candidate(today, today, new Verified(verified.id(), true))
                    : new Candidate(way, today, verified);
        }
    }

    /**
     * Looks for the token.
     *
     * @param exchange the request
     * @param ways how tokens travel
     * @param others how they may come too; these count only where none of the former does
     * @param first how a new token travels to this client
     */
    static TokenLookup in(Exchange exchange, List<TokenRoute> ways, List<TokenRoute> others, TokenRoute first) {
        TokenLookup todays = among(exchange, ways, UnaryOperator.identity(), first);
        if (others.isEmpty() || todays.verified != null || todays.refusal == TokenRefusal.AMBIGUOUS) {
            return todays;
        }
        TokenLookup other = among(exchange, others, one -> one.leadingTo(first), first);
        return other.verified == null && other.refusal == null ? todays : other;
    }

    private static TokenLookup among(
            Exchange exchange, List<TokenRoute> ways, UnaryOperator<Candidate> towards, TokenRoute first) {
        List<Candidate> valid = new ArrayList<>(1);
        boolean seen = false;
        boolean tooMany = false;
        for (TokenRoute way : ways) {
            TokenTransport.Presented found = way.transport().read(exchange);
            tooMany |= found.refused() || found.tokens().size() > MOST_CANDIDATES;
            for (String token : tooMany ? List.<String>of() : found.tokens()) {
                seen = true;
                Verified verified = way.verify(exchange, token).orElse(null);
                if (verified != null && !isAmong(valid, verified)) {
                    valid.add(towards.apply(new Candidate(way, way, verified)));
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

    private static boolean isAmong(List<Candidate> valid, Verified one) {
        for (Candidate each : valid) {
            if (each.verified().id().equals(one.id())) {
                return true;
            }
        }
        return false;
    }

    private static TokenLookup by(Candidate one, @Nullable TokenRefusal refusal) {
        return new TokenLookup(one.way(), one.next(), one.verified(), refusal, List.of());
    }

    private static TokenLookup none(TokenRoute first, @Nullable TokenRefusal refusal, List<Candidate> candidates) {
        return new TokenLookup(first, first, null, refusal, candidates);
    }

    /** Whether the request carried several tokens, none of which counts so far. */
    boolean isAmbiguous() {
        return verified == null && refusal == TokenRefusal.AMBIGUOUS;
    }

    /** The same client once it is known which of its tokens counts; that one is given anew. */
    TokenLookup settledOn(Candidate one) {
        return by(
                new Candidate(one.way(), one.next(), new Verified(one.verified().id(), true)), refusal);
    }

    /** The same client with another token, that this server gave it. */
    TokenLookup withToken(Verified token) {
        return new TokenLookup(
                verified != null && verified.id().equals(token.id()) ? way : next, next, token, null, List.of());
    }
}
