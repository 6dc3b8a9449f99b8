package dev.sojourn.testing;

import dev.sojourn.Transports;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.testing.RawHttp.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A way in which a token travels, as a client sees it. */
@SuppressWarnings("ImmutableEnumChecker") // a transport is immutable, as its interface demands
enum ClientTransport {
    COOKIE(Transports.cookie(), "Set-Cookie", "Cookie: __Host-id="),
    HEADER(Transports.header("X-Session-Token"), "X-Session-Token", "X-Session-Token: "),
    BEARER(Transports.bearer(), Transports.BEARER_RESPONSE_HEADER, "Authorization: Bearer ");

    private static final String COOKIE_NAME = "__Host-id=";

    private final TokenTransport transport;
    private final String answerHeader;
    private final String requestLine;

    ClientTransport(TokenTransport transport, String answerHeader, String requestLine) {
        this.transport = transport;
        this.answerHeader = answerHeader;
        this.requestLine = requestLine;
    }

    TokenTransport transport() {
        return transport;
    }

    /** Returns the request's header line that carries a token. */
    String line(String token) {
        return requestLine + token;
    }

    /** Returns the token that an answer brings, if it brings one. */
    Optional<String> tokenIn(Response answer) {
        return answer.all(answerHeader).stream()
                .filter(value -> this != COOKIE || value.startsWith(COOKIE_NAME))
                .map(value -> this != COOKIE ? value : value.substring(COOKIE_NAME.length(), value.indexOf(';')))
                .filter(token -> !token.isEmpty())
                .findFirst();
    }

    /** Returns all of an answer but the token in the place that is meant for it. */
    List<String> apartFromTheToken(Response answer) {
        List<String> rest = new ArrayList<>();
        rest.add(Integer.toString(answer.status()));
        Optional<String> token = tokenIn(answer);
        for (String line : answer.headers()) {
            boolean isPlace = line.regionMatches(true, 0, answerHeader + ":", 0, answerHeader.length() + 1);
            rest.add(isPlace && token.isPresent() ? withoutFirst(line, token.get()) : line);
        }
        rest.add(answer.text());
        return rest;
    }

    private static String withoutFirst(String line, String token) {
        int at = line.indexOf(token);
        return at < 0 ? line : line.substring(0, at) + line.substring(at + token.length());
    }
}
