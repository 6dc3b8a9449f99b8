package dev.sojourn.testing;

import dev.sojourn.Transports;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.testing.RawHttp.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A transport as a client sees it. */
@SuppressWarnings("ImmutableEnumChecker") // TokenTransport requires that a transport is immutable
enum ClientTransport {
    COOKIE(Transports.cookie(), "Set-Cookie", "Cookie: __Host-id="),
    HEADER(Transports.header("X-Session-Token"), "X-Session-Token", "X-Session-Token: "),
    BEARER(Transports.bearer(), Transports.BEARER_RESPONSE_HEADER, "Authorization: Bearer ");

    private static final String COOKIE_NAME = "__Host-id=";

    private final TokenTransport transport;
    private final String responseHeader;
    private final String requestLine;

    ClientTransport(TokenTransport transport, String responseHeader, String requestLine) {
        this.transport = transport;
        this.responseHeader = responseHeader;
        this.requestLine = requestLine;
    }

    TokenTransport transport() {
        return transport;
    }

    /** Returns the request's header line with a token. */
    String line(String token) {
        return requestLine + token;
    }

    /** Returns the token in a response, if there is one. */
    Optional<String> tokenIn(Response response) {
        return response.values(responseHeader).stream()
                .filter(value -> this != COOKIE || value.startsWith(COOKIE_NAME))
                .map(value -> this != COOKIE ? value : value.substring(COOKIE_NAME.length(), value.indexOf(';')))
                .filter(token -> !token.isEmpty())
                .findFirst();
    }

    /** Returns all of a response except the token in its place. */
    List<String> withoutToken(Response response) {
        List<String> rest = new ArrayList<>();
        rest.add(Integer.toString(response.status()));
        Optional<String> token = tokenIn(response);
        for (String line : response.headers()) {
            boolean isPlace = line.regionMatches(true, 0, responseHeader + ":", 0, responseHeader.length() + 1);
            rest.add(isPlace && token.isPresent() ? withoutFirst(line, token.get()) : line);
        }
        rest.add(response.text());
        return rest;
    }

    private static String withoutFirst(String line, String token) {
        int at = line.indexOf(token);
        return at < 0 ? line : line.substring(0, at) + line.substring(at + token.length());
    }
}
