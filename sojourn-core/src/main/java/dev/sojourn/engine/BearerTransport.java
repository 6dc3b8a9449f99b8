package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenTransport;
import java.util.List;
import java.util.Optional;

/** Carries the token in {@code Authorization: Bearer}; new tokens use a response header. Ignores other schemes. */
final class BearerTransport implements TokenTransport {
    private static final String AUTHORIZATION = "Authorization";
    private static final String SCHEME = "Bearer ";

    private final String responseHeader;

    /**
     * Creates a transport that uses this response header.
     *
     * @param responseHeader the response header's name
     */
    public BearerTransport(String responseHeader) {
        this.responseHeader = responseHeader;
    }

    @Override
    public RequestTokens read(Exchange exchange) {
        List<String> tokens = exchange.requestHeaders(AUTHORIZATION).stream()
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> value.substring(SCHEME.length()).trim())
                .toList();
        return tokens.isEmpty() ? RequestTokens.NONE : new RequestTokens(tokens, false);
    }

    @Override
    public Optional<String> refusal(Exchange exchange) {
        return Optional.empty();
    }

    @Override
    public void write(Exchange exchange, String token, Terms terms) {
        HeaderTransport.send(exchange, responseHeader, token);
    }

    @Override
    public void clear(Exchange exchange, Terms terms) {
        HeaderTransport.send(exchange, responseHeader, "");
    }

    @Override
    public String varyHeader() {
        return AUTHORIZATION;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BearerTransport transport && responseHeader.equals(transport.responseHeader);
    }

    @Override
    public int hashCode() {
        return responseHeader.hashCode();
    }
}
