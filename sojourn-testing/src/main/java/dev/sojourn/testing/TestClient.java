package dev.sojourn.testing;

import dev.sojourn.Session;
import dev.sojourn.Transports;
import dev.sojourn.spi.SessionSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A client that needs no server: it keeps the token of each response and sends it with the next request, by the same
 * transport: a cookie, a bearer token or a header. Not thread-safe.
 */
public final class TestClient {
    private static final String COOKIE_LINE = "Cookie: ";

    private final SessionSource sessions;
    private final String header;
    private final List<String> tokens = new ArrayList<>();
    /** The header line with the newest token; empty if there is none. */
    private String line = "";
    /** The header line with the first token; empty if there is none. */
    private String firstLine = "";

    /**
     * Creates a client that accepts cookies and bearer tokens.
     *
     * @param sessions the application's sessions
     */
    public TestClient(SessionSource sessions) {
        this(sessions, Transports.BEARER_RESPONSE_HEADER);
    }

    /**
     * Creates a client that accepts cookies, and receives and sends other tokens in a header of this name.
     *
     * @param sessions the application's sessions
     * @param header the header's name
     */
    public TestClient(SessionSource sessions, String header) {
        this.sessions = sessions;
        this.header = header;
    }

    /**
     * Sends a request with the newest token.
     *
     * @param handler uses the session
     */
    public void request(Consumer<Session> handler) {
        TestExchange response = serve(line, handler);
        for (String cookie : response.responseHeaders("Set-Cookie")) {
            String pair = cookie.substring(0, cookie.indexOf(';'));
            keep(cookie.contains("Max-Age=0") ? "" : pair.substring(pair.indexOf('=') + 1), COOKIE_LINE + pair);
        }
        for (String token : response.responseHeaders(header)) {
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

    /** Sends a request with the first token, as a late request does. */
    void lateRequest(Consumer<Session> handler) {
        serve(firstLine, handler);
    }

    private TestExchange serve(String sent, Consumer<Session> handler) {
        TestExchange request = sent.isEmpty() ? new TestExchange("/") : new TestExchange("/", sent);
        return request.serve(sessions, handler);
    }

    /**
     * Returns the cookie of the next request, so that another HTTP client can send it.
     *
     * @return the value of a {@code Cookie} header: the cookie's name and value; empty if there is no cookie
     */
    public String cookie() {
        return line.startsWith(COOKIE_LINE) ? line.substring(COOKIE_LINE.length()) : "";
    }

    /**
     * Returns every token that this client received.
     *
     * @return the tokens in order, a copy
     */
    public List<String> tokens() {
        return List.copyOf(tokens);
    }
}
