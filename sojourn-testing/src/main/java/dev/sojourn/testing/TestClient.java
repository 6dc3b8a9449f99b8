package dev.sojourn.testing;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A client with a token, and no socket between it and the engine: each request has the one that the one before was answered
 * with, in the same way: a cookie, a bearer token or a header. For one thread.
 */
public final class TestClient {
    private static final String COOKIE_LINE = "Cookie: ";

    private final Sessions sessions;
    private final String header;
    private final List<String> tokens = new ArrayList<>();
    /** The header line that carries the newest token, and the one that carried the first. */
    private String line = "";

    private String firstLine = "";

    /**
     * A client of sessions in cookies or bearer tokens.
     *
     * @param sessions the sessions of the application that it visits
     */
    public TestClient(Sessions sessions) {
        this(sessions, Transports.BEARER_RESPONSE_HEADER);
    }

    /**
     * A client that finds its tokens in a header of this name, and sends them there.
     *
     * @param sessions the sessions of the application that it visits
     * @param header the header's name
     */
    public TestClient(Sessions sessions, String header) {
        this.sessions = sessions;
        this.header = header;
    }

    /**
     * One request, with the newest token.
     *
     * @param handler what is done with the session
     */
    public void request(Consumer<Session> handler) {
        TestExchange answer = served(line, handler);
        for (String cookie : answer.responseHeaders("Set-Cookie")) {
            String pair = cookie.substring(0, cookie.indexOf(';'));
            keep(cookie.contains("Max-Age=0") ? "" : pair.substring(pair.indexOf('=') + 1), COOKIE_LINE + pair);
        }
        for (String token : answer.responseHeaders(header)) {
            boolean bearer = header.equals(Transports.BEARER_RESPONSE_HEADER);
            keep(token, bearer ? "Authorization: Bearer " + token : header + ": " + token);
        }
    }

    private void keep(String token, String sentAs) {
        line = token.isEmpty() ? "" : sentAs;
        if (!token.isEmpty()) {
            tokens.add(token);
            firstLine = firstLine.isEmpty() ? line : firstLine;
        }
    }

    /** A request with the first token of all, as one that is late. */
    void lateRequest(Consumer<Session> handler) {
        served(firstLine, handler);
    }

    private TestExchange served(String sent, Consumer<Session> handler) {
        TestExchange request = sent.isEmpty() ? new TestExchange("/") : new TestExchange("/", sent);
        return request.serve(sessions, handler);
    }

    /**
     * Returns the cookie that its next request has, to send it by another HTTP client: the value of a {@code Cookie}
     * header.
     *
     * @return the cookie's name and value; empty if it has none
     */
    public String cookie() {
        return line.startsWith(COOKIE_LINE) ? line.substring(COOKIE_LINE.length()) : "";
    }

    /**
     * Every token that it was given.
     *
     * @return the tokens, in order
     */
    public List<String> tokens() {
        return List.copyOf(tokens);
    }
}
