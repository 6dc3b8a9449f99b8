package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenTransport;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Carries the token in a custom header, in requests and in responses. */
final class HeaderTransport implements TokenTransport {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

    private final String name;

    /**
     * Creates a transport that uses this header.
     *
     * @param name the header's name
     * @throws IllegalArgumentException if this is not a header name
     */
    public HeaderTransport(String name) {
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("a header's name must be 1 to 256 letters, digits and !#$%&'*+.^_`|~-");
        }
        this.name = name;
    }

    @Override
    public RequestTokens read(Exchange exchange) {
        List<String> values = exchange.requestHeaders(name).stream()
                .map(String::trim)
                .filter(value -> !value.isEmpty())
                .toList();
        return values.isEmpty() ? RequestTokens.NONE : new RequestTokens(values, false);
    }

    @Override
    public Optional<String> refusal(Exchange exchange) {
        return Optional.empty();
    }

    @Override
    public void write(Exchange exchange, String token, Terms terms) {
        send(exchange, name, token);
    }

    @Override
    public void clear(Exchange exchange, Terms terms) {
        send(exchange, name, "");
    }

    /** Sets a response header and exposes it to scripts of other origins (Fetch, CORS-safelisted response headers). */
    static void send(Exchange exchange, String header, String value) {
        exchange.setResponseHeaders(header, List.of(value));
        HeaderLists.add(exchange, "Access-Control-Expose-Headers", header);
    }

    @Override
    public String varyHeader() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderTransport transport && name.equals(transport.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
