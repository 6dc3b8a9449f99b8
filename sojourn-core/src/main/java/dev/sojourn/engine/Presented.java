package dev.sojourn.engine;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenFormat.Verified;
import dev.sojourn.spi.TokenTransport;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The token that a request came with, if this server issued it: checked by its signature alone, before any store is
 * asked.
 *
 * @param way how this id goes back to the client
 * @param next how another id would
 * @param verified the id, or null if there is none to believe
 * @param refusal what was wrong with what was there, or null
 */
record Presented(
        Way way,
        Way next,
        @Nullable Verified verified,
        @Nullable TokenRefusal refusal) {
    /** An honest client sends one; a few more are looked at where another host can plant cookies. */
    private static final int MOST_CANDIDATES = 4;

    /**
     * Looks for the token.
     *
     * @param exchange the request
     * @param ways how tokens travel, the way of new ones first
     * @param others how they may come too; these count only where none of the former does
     */
    static Presented in(Exchange exchange, List<Way> ways, List<Way> others) {
        Way first = ways.get(0);
        Presented todays = among(exchange, ways, first);
        if (others.isEmpty() || todays.verified != null || todays.refusal == TokenRefusal.AMBIGUOUS) {
            return todays;
        }
        Presented other = among(exchange, others, first);
        if (other.verified == null) {
            return other.refusal == null ? todays : other;
        }
        // What today's format has no way to write, an id of a foreign kind, goes on as it came until there is a new id.
        return first.canCarry(other.verified.id())
                ? new Presented(first, first, new Verified(other.verified.id(), true), null)
                : new Presented(other.way, first, other.verified, null);
    }

    private static Presented among(Exchange exchange, List<Way> ways, Way first) {
        Way carrier = first;
        Verified accepted = null;
        boolean seen = false;
        for (Way way : ways) {
            TokenTransport.Presented found = way.transport().read(exchange);
            if (found.refused() || found.tokens().size() > MOST_CANDIDATES) {
                return none(first, TokenRefusal.AMBIGUOUS);
            }
            for (String token : found.tokens()) {
                seen = true;
                Optional<Verified> verified = way.verify(exchange, token);
                if (verified.isEmpty()) {
                    continue;
                }
                if (accepted != null && !accepted.id().equals(verified.get().id())) {
                    return none(first, TokenRefusal.AMBIGUOUS);
                }
                if (accepted == null) {
                    accepted = verified.get();
                    carrier = way;
                }
            }
        }
        return accepted == null
                ? none(first, seen ? TokenRefusal.NOT_ISSUED : null)
                : new Presented(carrier, carrier, accepted, null);
    }

    private static Presented none(Way first, @Nullable TokenRefusal refusal) {
        return new Presented(first, first, null, refusal);
    }

    /** The same client with another token, that this server gave it. */
    Presented withToken(Verified token) {
        return new Presented(verified != null && verified.id().equals(token.id()) ? way : next, next, token, null);
    }
}
