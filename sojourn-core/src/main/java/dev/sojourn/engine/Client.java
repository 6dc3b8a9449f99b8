package dev.sojourn.engine;

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

    Client(EngineSettings settings, Exchange exchange, Events events) {
        this.settings = settings;
        this.exchange = new ProxiedExchange(exchange, settings.proxies);
        this.events = events;
    }

    /** The id that the client came with, or null. */
    @Nullable
    Verified verified() {
        return presented().verified();
    }

    /** What the request carried; the headers are looked at once. */
    private Presented presented() {
        if (presented == null) {
            presented = Presented.in(exchange, settings.transports, settings.tokens);
            TokenRefusal refusal = presented.refusal();
            if (refusal != null) {
                String address = exchange.remoteAddress();
                events.add(heard -> heard.tokenRefused(address, refusal));
            }
        }
        return presented;
    }

    /** Throws if a new token could not be given to this client. */
    void checkDeliverable() {
        Optional<String> refusal = presented().transport().refusal(exchange);
        if (refusal.isPresent()) {
            throw new SessionUndeliverableException("no session for this client: " + refusal.get());
        }
    }

    void give(String token, Terms terms) {
        presented().transport().write(exchange, token, terms);
        exchange.setResponseHeaders("Cache-Control", NO_STORE);
    }

    void takeAway(Terms terms) {
        presented().transport().clear(exchange, terms);
        exchange.setResponseHeaders("Cache-Control", NO_STORE);
    }

    /** The response depends on who asked. */
    void vary() {
        for (var transport : settings.transports) {
            Headers.add(exchange, "Vary", transport.variesOn());
        }
    }
}
