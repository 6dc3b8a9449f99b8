package dev.sojourn.engine;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.TokenRefusedException;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.Exchange;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The access token of one request: found and checked at the first use, once. For the views of all kinds of sessions. Used by
 * one thread at a time.
 */
final class TokenRequest {
    private final TokenSettings settings;
    private final Exchange exchange;
    private final EventBuffer events;
    private @Nullable BearerHeader header;
    /** The result; null until the token is checked. An outage is no result, so that a later use checks again. */
    private @Nullable TokenResult result;
    /** Whether the response depends on the request's token. */
    private boolean used;

    private Runnable beforeBlocking = () -> {};

    TokenRequest(TokenSettings settings, Exchange exchange, EventBuffer events) {
        this.settings = settings;
        this.exchange = exchange;
        this.events = events;
    }

    /**
     * Returns the same request in its next scope; its token is not checked again.
     *
     * @param next the event buffer of that scope
     */
    TokenRequest inNextScope(EventBuffer next) {
        TokenRequest same = new TokenRequest(settings, exchange, next);
        same.header = header;
        same.result = result;
        same.used = used;
        return same;
    }

    /** Sets a check of the calling thread, run before a check of the token that may block. */
    void beforeBlocking(Runnable check) {
        beforeBlocking = check;
    }

    private BearerHeader header() {
        if (header == null) {
            header = BearerHeader.in(exchange);
        }
        return header;
    }

    /** Whether only a signed-in user may make the request, because of its path. */
    boolean isSignInRequired() {
        return settings.common.signInPaths.cover(exchange);
    }

    /** Whether the request carries what may be a token. Does no I/O. */
    boolean hasToken() {
        return header().token() != null;
    }

    /** Whether {@link #token()} may block. Does no I/O. */
    boolean mayBlock() {
        return result == null && settings.mayBlock() && hasToken();
    }

    /** Whether {@link #token()} blocks only because the list of revocations has to be read. Does no I/O. */
    boolean isRefreshDue() {
        return result == null && settings.isRefreshDue() && hasToken();
    }

    /**
     * Returns the token, its subject normalized. Blocks if {@link #mayBlock()}.
     *
     * @return the token; null if the request carries none
     * @throws TokenRefusedException if what it carries does not count, each time
     * @throws SessionUnavailableException if it cannot be decided now whether the token counts
     */
    @Nullable
    AccessToken token() {
        used = true;
        if (result == null) {
            result = check();
            if (result instanceof TokenResult.Refused refused) {
                report(refused);
            }
        }
        if (result instanceof TokenResult.Refused) {
            throw new TokenRefusedException();
        }
        return result instanceof TokenResult.Accepted accepted ? accepted.token() : null;
    }

    private TokenResult check() {
        TokenRefusal refusal = header().refusal();
        if (refusal != null) {
            return new TokenResult.Refused(
                    refusal, "the Authorization header does not hold one well-formed bearer token");
        }
        String text = header().token();
        if (text == null) {
            return TokenResult.Absent.INSTANCE;
        }
        ViewRefresh refresh = ViewRefresh.IF_TOO_OLD;
        if (mayBlock()) {
            beforeBlocking.run();
            refresh = ViewRefresh.AHEAD;
        }
        return settings.check.check(text, refresh, beforeBlocking);
    }

    /** Refuses the token from now on, for a reason that only its use has shown. */
    TokenRefusedException refuse(TokenRefusal refusal, String cause) {
        TokenResult.Refused refused = new TokenResult.Refused(refusal, cause);
        result = refused;
        report(refused);
        return new TokenRefusedException();
    }

    private void report(TokenResult.Refused refused) {
        String address = settings.common.proxies.clientAddress(exchange);
        events.add(listener -> listener.onTokenRefused(address, refused.refusal()));
        EventBuffer.logger().log(Level.DEBUG, "refused an access token: " + refused.cause());
    }

    /** Sets {@code Vary} if the response depends on the token. */
    void vary() {
        if (used && !exchange.isCommitted()) {
            HeaderLists.add(exchange, "Vary", BearerHeader.NAME);
        }
    }
}
