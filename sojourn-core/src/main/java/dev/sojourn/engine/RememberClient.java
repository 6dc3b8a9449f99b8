package dev.sojourn.engine;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.engine.RefreshTokenFormat.RefreshToken;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenTransport.Terms;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The remember-me cookie of one request: the token that came in it, and what the response does with it. Not thread-safe. */
final class RememberClient {
    /** A regular browser sends one; a few more are considered where another host can plant cookies. */
    private static final int MOST_COOKIES = 8;

    private final RememberSettings settings;
    private final EngineSettings engine;
    private final Exchange exchange;
    private @Nullable RefreshToken presented;
    private boolean isRead;
    /** Whether the token may begin a session. */
    private boolean beginsSession = true;
    /** Why the cookie does not count; null if it does, or if there is none. */
    private @Nullable TokenRefusal refusal;
    /** The store key of the browser whose token the response carries; null if it carries none. */
    private @Nullable StoreKey given;

    private Runnable response = () -> {};

    RememberClient(RememberSettings settings, EngineSettings engine, Exchange exchange) {
        this.settings = settings;
        this.engine = engine;
        this.exchange = exchange;
    }

    RememberSettings settings() {
        return settings;
    }

    // ---- the request

    /**
     * Returns the token of the request; empty if there is none that counts. Of several cookies, which another host can plant if
     * the name has no prefix {@code __Host-}, those count that this application issued, if they are of one browser.
     */
    Optional<RefreshToken> token() {
        if (!isRead) {
            presented = read().orElse(null);
            isRead = true;
        }
        return Optional.ofNullable(presented);
    }

    private Optional<RefreshToken> read() {
        List<String> texts = settings.cookie.read(exchange).tokens();
        if (texts.isEmpty()) {
            return Optional.empty();
        }
        List<RefreshToken> issued = texts.stream()
                .limit(MOST_COOKIES)
                .flatMap(text -> settings.read(exchange, text).stream())
                .toList();
        boolean isContested = (texts.size() > 1 && !settings.cookie.canBePlanted(exchange))
                || issued.stream().map(RefreshToken::id).distinct().count() > 1;
        if (isContested || issued.isEmpty()) {
            refusal = texts.size() > 1 ? TokenRefusal.AMBIGUOUS : TokenRefusal.NOT_ISSUED;
            return Optional.empty();
        }
        return issued.stream().max(Comparator.comparingLong(RefreshToken::generation));
    }

    /** Returns why the request's cookie does not count, after {@link #token}; null if it does, or if there is none. */
    @Nullable
    TokenRefusal refusal() {
        return refusal;
    }

    /** Whether the request has a cookie of this name, valid or not. Does not check it. */
    boolean isPresent() {
        return !settings.cookie.read(exchange).tokens().isEmpty();
    }

    /** Returns the store key of the browser that the request's token names; null if no token counts. */
    @Nullable
    StoreKey browser() {
        return token().map(found -> engine.recordFormat.keyOf(found.id())).orElse(null);
    }

    /** Ignores the request's token from now on, because its browser is not remembered any more. */
    void ignoreToken() {
        presented = null;
        isRead = true;
    }

    /**
     * Begins no session for this request: the CSRF token of a session that has ended has admitted it, and a page of another
     * site may have one, of a session that it has planted.
     */
    void beginNoSession() {
        beginsSession = false;
    }

    /** Whether the request may begin a session for the browser of its cookie. Does not check the cookie. */
    boolean mayBeginSession() {
        return beginsSession && isPresent();
    }

    /** Returns why this client cannot be given the cookie; empty if it can. */
    Optional<String> undeliverable() {
        return settings.cookie.refusal(exchange);
    }

    // ---- the response

    /** Gives the browser its token, for the current generation. */
    void give(String id, RecordSnapshot browser) {
        given = browser.key();
        String token = settings.write(exchange, id, browser);
        Terms terms = new Terms(settings.timeLeft(browser), null);
        respond(() -> settings.cookie.write(exchange, token, terms));
    }

    /** Removes the cookie if it is that of a browser which this request has ended: it may be a newer one's. */
    void forget(StoreKey browser) {
        if (Objects.equals(given, browser) || (given == null && Objects.equals(browser(), browser))) {
            given = null;
            respond(() -> settings.cookie.clear(exchange, new Terms(null, null)));
        }
    }

    private void respond(Runnable headers) {
        response = () -> {
            headers.run();
            CacheHeaders.forbid(exchange);
        };
    }

    /** Sets the response's headers; may be repeated. */
    void setHeaders() {
        response.run();
    }
}
