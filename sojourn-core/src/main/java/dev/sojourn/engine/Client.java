package dev.sojourn.engine;

import dev.sojourn.SessionException;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenFormat.Verified;
import dev.sojourn.spi.TokenTransport.Terms;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The client of one request: which token it came with, and what its response says about one. */
final class Client {
    private static final List<String> NO_STORE = List.of("no-store");

    private final EngineSettings settings;
    private final Exchange exchange;
    private final Events events;
    private @Nullable Presented presented;
    /** What the response says of the token. */
    private Runnable said = () -> {};
    /** Whether something that the request did to its session is in the store. */
    private boolean partSaved;

    Client(EngineSettings settings, Exchange exchange, Events events) {
        this.settings = settings;
        this.exchange = new ProxiedExchange(exchange, settings.proxies);
        this.events = events;
    }

    /**
     * The same client in the next round of its request, with the token that it has by then.
     *
     * @param next hears what that round has to tell
     */
    Client inNextScope(Events next) {
        Client same = new Client(settings, exchange, next);
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
        return Optional.ofNullable(verified()).map(token -> Ids.handle(settings.records.keyOf(token.id())));
    }

    boolean headHasLeft() {
        return exchange.isCommitted();
    }

    DetachedExchange detachedExchange() {
        return new DetachedExchange(exchange.path(), exchange.remoteAddress(), exchange.isSecure());
    }

    String path() {
        return exchange.path();
    }

    /** The id that the client came with, or null. */
    @Nullable
    Verified verified() {
        return presented().verified();
    }

    /** What the request carried; the headers are looked at once. */
    private Presented presented() {
        if (presented == null) {
            presented = Presented.in(exchange, settings.ways, settings.otherWays);
            TokenRefusal refusal = presented.refusal();
            if (refusal != null) {
                String address = exchange.remoteAddress();
                events.add(heard -> heard.tokenRefused(address, refusal));
            }
        }
        return presented;
    }

    /** Something that the request did to its session is in the store: no answer may say from now on that nothing is. */
    void partIsSaved() {
        partSaved = true;
    }

    /** A failure as this client has to hear of it. */
    SessionException truthful(SessionException failure) {
        return partSaved && !failure.partlySaved() ? failure.afterAPartWasSaved() : failure;
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
        Way way = came != null && came.id().equals(id)
                ? presented().way()
                : presented().next();
        say(() -> {
            takeOthersAway(way, terms);
            way.give(exchange, id, terms);
        });
    }

    void takeAway(Terms terms) {
        Way way = presented().way();
        say(() -> {
            takeOthersAway(way, terms);
            way.takeAway(exchange, terms);
        });
    }

    /** One token is enough for a client. Before that one is given, since both may travel in the same place. */
    private void takeOthersAway(Way kept, Terms terms) {
        for (Way other : settings.otherWays) {
            if (!other.equals(kept) && other.isTakenBy(exchange)) {
                other.takeAway(exchange, terms);
            }
        }
    }

    private void say(Runnable answer) {
        said = () -> {
            answer.run();
            exchange.setResponseHeaders("Cache-Control", NO_STORE);
        };
        said.run();
    }

    /** The response depends on who asked. */
    void vary() {
        settings.ways.forEach(
                way -> Headers.add(exchange, "Vary", way.transport().variesOn()));
        settings.otherWays.forEach(
                way -> Headers.add(exchange, "Vary", way.transport().variesOn()));
    }
}
