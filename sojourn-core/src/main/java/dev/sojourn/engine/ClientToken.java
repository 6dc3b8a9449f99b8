package dev.sojourn.engine;

import dev.sojourn.SessionException;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.engine.TokenLookup.Candidate;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenFormat.Verified;
import dev.sojourn.spi.TokenTransport.Terms;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The client of one request: which token it came with, and what its response says about one. */
final class ClientToken {
    private final EngineSettings settings;
    private final Exchange exchange;
    private final EventBuffer events;
    private @Nullable TokenLookup presented;
    /** What the response says of the token. */
    private Runnable said = () -> {};
    /** Whether something that the request did to its session is in the store. */
    private boolean partSaved;

    ClientToken(EngineSettings settings, Exchange exchange, EventBuffer events) {
        this.settings = settings;
        this.exchange = new ProxiedExchange(exchange, settings.proxies);
        this.events = events;
    }

    /**
     * The same client in the next round of its request, with the token that it has by then.
     *
     * @param next hears what that round has to tell
     */
    ClientToken inNextScope(EventBuffer next) {
        ClientToken same = new ClientToken(settings, exchange, next);
        same.presented = presented;
        same.said = said;
        same.partSaved = partSaved;
        return same;
    }

    /** From the next scope on this is the token that the client came with. */
    void goesOnWith(@Nullable Verified token) {
        if (token != null) {
            presented = presented().withToken(token);
        }
    }

    /** Says again what the last scope said, where headers may have been thrown away since. */
    void sayAgain() {
        said.run();
    }

    /** The public name of the session that the client's token stands for. */
    Optional<String> handle() {
        return Optional.ofNullable(verified()).map(token -> SessionIds.handle(settings.records.keyOf(token.id())));
    }

    boolean headHasLeft() {
        return exchange.isCommitted();
    }

    DetachedExchange detachedExchange() {
        return new DetachedExchange(exchange.path(), exchange.route(), exchange.remoteAddress(), exchange.isSecure());
    }

    /** Whether this request's path is one of those that have their session to themselves. */
    boolean goesTo(LeaseManager exclusive) {
        return exclusive.covers(exchange);
    }

    /** The id that the client came with, or null. */
    @Nullable
    Verified verified() {
        return presented().verified();
    }

    /** What the request carried; the headers are looked at once. */
    private TokenLookup presented() {
        if (presented == null) {
            presented = TokenLookup.in(exchange, settings.ways, settings.otherWays, settings.wayOfNewTokens(exchange));
            TokenRefusal refusal = presented.refusal();
            if (refusal != null && presented.candidates().isEmpty()) {
                tokenRefused(refusal);
            }
            if (refusal == TokenRefusal.NOT_ISSUED) {
                settings.strangeTokens.met(exchange, settings.ways);
            }
        }
        return presented;
    }

    private void tokenRefused(TokenRefusal refusal) {
        String address = exchange.remoteAddress();
        events.add(heard -> heard.onTokenRefused(address, refusal));
    }

    /** Several valid tokens, of which the store may tell which one counts. */
    List<Candidate> candidates() {
        return presented().verified() == null ? presented().candidates() : List.of();
    }

    /** One of several tokens counts. */
    void settleOn(Candidate one) {
        presented = presented().settledOn(one);
    }

    /** None of several tokens counts. */
    void settleOnNone() {
        tokenRefused(TokenRefusal.AMBIGUOUS);
    }

    /** Whether the client came with several tokens, none of which counts. */
    boolean isAmbiguous() {
        return presented().isAmbiguous();
    }

    /** Takes away what else the client has, so that its next request is clear. */
    void untangle() {
        said = () -> {
            boolean any = false;
            for (TokenRoute way : settings.ways) {
                any |= way.transport().untangle(exchange);
            }
            if (any) {
                CacheHeaders.forbid(exchange);
            }
        };
        said.run();
    }

    /** Something that the request did to its session is in the store: no answer may say from now on that nothing is. */
    void partIsSaved() {
        partSaved = true;
    }

    /** A failure as this client has to hear of it. */
    SessionException truthful(SessionException failure) {
        return partSaved && !failure.isPartlySaved() ? failure.markPartlySaved() : failure;
    }

    /** Whether a new token could be given to this client. */
    boolean isDeliverable() {
        return presented().next().transport().refusal(exchange).isEmpty();
    }

    /** Throws if a new token could not be given to this client. */
    void checkDeliverable() {
        Optional<String> refusal = presented().next().transport().refusal(exchange);
        if (refusal.isPresent()) {
            throw new SessionUndeliverableException("no session for this client: " + refusal.get());
        }
    }

    void give(String id, Terms terms) {
        Verified came = verified();
        TokenRoute way = came != null && came.id().equals(id)
                ? presented().way()
                : presented().next();
        say(way, terms, () -> way.give(exchange, id, terms));
    }

    void takeAway(Terms terms) {
        TokenRoute way = presented().way();
        say(way, terms, () -> way.takeAway(exchange, terms));
    }

    /**
     * One token is enough for a client: whatever else it came with is taken away. What may travel in the same place as the
     * answer goes before it, to be replaced by it; another cookie goes after it, since curl forgets to delete one that is
     * followed by another.
     */
    private void say(TokenRoute way, Terms terms, Runnable answer) {
        said = () -> {
            others(way, false).forEach(other -> other.takeAway(exchange, terms));
            answer.run();
            others(way, true).forEach(other -> other.takeAway(exchange, terms));
            CacheHeaders.forbid(exchange);
        };
        said.run();
    }

    /** Of today's ways only where tokens contradicted each other: what a client came by is its to keep otherwise. */
    private List<TokenRoute> others(TokenRoute way, boolean besides) {
        boolean contested = presented().refusal() == TokenRefusal.AMBIGUOUS;
        return Stream.concat(contested ? settings.ways.stream() : Stream.empty(), settings.otherWays.stream())
                .filter(other -> !other.equals(way)
                        && other.isCookieBeside(way, exchange) == besides
                        && other.isTakenBy(exchange))
                .toList();
    }

    /** The response depends on who asked. */
    void vary() {
        settings.ways.forEach(
                way -> HeaderLists.add(exchange, "Vary", way.transport().variesOn()));
        settings.otherWays.forEach(
                way -> HeaderLists.add(exchange, "Vary", way.transport().variesOn()));
    }
}
