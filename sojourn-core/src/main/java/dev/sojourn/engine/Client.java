package dev.sojourn.engine;

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
    private @Nullable Presented presented;

    Client(EngineSettings settings, Exchange exchange) {
        this.settings = settings;
        this.exchange = new ProxiedExchange(exchange, settings.proxies);
    }

    /** The id that the client came with, or null; the headers are looked at once. */
    @Nullable
    Verified presented(Events events) {
        if (presented == null) {
            presented = Presented.in(exchange, settings.transports, settings.tokens);
            if (presented.refusal() != null) {
                String address = exchange.remoteAddress();
                var reason = presented.refusal();
                events.add(heard -> heard.tokenRefused(address, reason));
            }
        }
        return presented.verified();
    }

    /** Throws if a new token could not be given to this client. */
    void checkDeliverable() {
        Optional<String> refusal = carrier().transport().refusal(exchange);
        if (refusal.isPresent()) {
            throw new SessionUndeliverableException("no session for this client: " + refusal.get());
        }
    }

    void give(String token, Terms terms) {
        carrier().transport().write(exchange, token, terms);
        exchange.setResponseHeaders("Cache-Control", NO_STORE);
    }

    void takeAway(Terms terms) {
        carrier().transport().clear(exchange, terms);
        exchange.setResponseHeaders("Cache-Control", NO_STORE);
    }

    /** The response depends on who asked. */
    void vary() {
        for (var transport : settings.transports) {
            Headers.add(exchange, "Vary", transport.variesOn());
        }
    }

    private Presented carrier() {
        if (presented == null) {
            presented = Presented.in(exchange, settings.transports, settings.tokens);
        }
        return presented;
    }
}
