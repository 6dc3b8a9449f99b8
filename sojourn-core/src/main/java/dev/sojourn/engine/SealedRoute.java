package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SealFormat;
import dev.sojourn.spi.TokenTransport;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A transport together with the seal of what it carries. A text is sealed for the name of its cookie, so that it does not
 * open as another cookie, and for its application, if the cookie belongs to one.
 */
final class SealedRoute {
    private final TokenTransport transport;
    private final SealFormat seal;
    /** The server determines the paths of its applications, so they are few. */
    private final Map<String, SealFormat> byPurpose = new ConcurrentHashMap<>();

    SealedRoute(TokenTransport transport, SealFormat seal) {
        this.transport = transport;
        this.seal = seal;
    }

    TokenTransport transport() {
        return transport;
    }

    /** Returns the seal of the application that a request is for. */
    SealFormat sealIn(Exchange exchange) {
        return byPurpose.computeIfAbsent(purpose(exchange), seal::forPurpose);
    }

    private String purpose(Exchange exchange) {
        String application = transport instanceof CookieTransport cookie && cookie.isNamedByApplication()
                ? exchange.applicationPath()
                : "";
        return "session " + name(exchange) + (application.isEmpty() ? "" : " " + application);
    }

    private String name(Exchange exchange) {
        return transport instanceof CookieTransport cookie
                ? cookie.rulesIn(exchange).name()
                : transport.varyHeader();
    }

    /** Returns how many bytes name and value have together if a content of this length is sealed. */
    int size(Exchange exchange, int contentBytes) {
        return name(exchange).length() + sealIn(exchange).sealedLength(contentBytes);
    }

    /** Returns whether another host of the site can make a client send a text by this route. */
    boolean canBePlanted(Exchange exchange) {
        return transport instanceof CookieTransport cookie && cookie.canBePlanted(exchange);
    }

    /** Returns whether a request has any text that used this route, valid or not. */
    boolean isUsedBy(Exchange exchange) {
        TokenTransport.RequestTokens found = transport.read(exchange);
        return found.refused() || !found.tokens().isEmpty();
    }
}
