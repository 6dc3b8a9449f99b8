package dev.sojourn.engine;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenFormat;
import dev.sojourn.spi.TokenFormat.Verified;
import dev.sojourn.spi.TokenTransport;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The token that a request came with, if this server issued it: checked by its signature alone, before any store is
 * asked.
 *
 * @param transport the transport that carried it, or else the one that a new token takes
 * @param verified the id, or null if there is none to believe
 * @param refusal what was wrong with what was there, or null
 */
record Presented(
        TokenTransport transport,
        @Nullable Verified verified,
        @Nullable TokenRefusal refusal) {
    /** An honest client sends one; a few more are looked at where another host can plant cookies. */
    private static final int MOST_CANDIDATES = 4;

    static Presented in(Exchange exchange, List<TokenTransport> chain, TokenFormat format) {
        TokenTransport carrier = chain.get(0);
        Verified accepted = null;
        boolean seen = false;
        for (TokenTransport transport : chain) {
            TokenTransport.Presented found = transport.read(exchange);
            if (found.refused() || found.tokens().size() > MOST_CANDIDATES) {
                return new Presented(chain.get(0), null, TokenRefusal.AMBIGUOUS);
            }
            for (String token : found.tokens()) {
                seen = true;
                Optional<Verified> verified = format.read(token);
                if (verified.isEmpty()) {
                    continue;
                }
                if (accepted != null && !accepted.id().equals(verified.get().id())) {
                    return new Presented(chain.get(0), null, TokenRefusal.AMBIGUOUS);
                }
                if (accepted == null) {
                    accepted = verified.get();
                    carrier = transport;
                }
            }
        }
        return new Presented(carrier, accepted, accepted == null && seen ? TokenRefusal.NOT_ISSUED : null);
    }
}
