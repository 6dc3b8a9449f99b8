package dev.sojourn.testing;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A client with a cookie, and no socket between it and the engine: each request has the cookie that the one before was answered
 * with. For one thread.
 */
public final class Visitor {
    private final Sessions sessions;
    private final List<String> cookies = new ArrayList<>();
    private String cookie = "";

    /**
     * A client without a cookie.
     *
     * @param sessions the sessions of the application that it visits
     */
    public Visitor(Sessions sessions) {
        this.sessions = sessions;
    }

    /**
     * One request, with the newest cookie.
     *
     * @param handler what is done with the session
     */
    public void request(Consumer<Session> handler) {
        for (String line : served(cookie, handler).responseHeaders("Set-Cookie")) {
            cookie = line.contains("Max-Age=0") ? "" : line.substring(0, line.indexOf(';'));
            if (!cookie.isEmpty()) {
                cookies.add(cookie);
            }
        }
    }

    /** A request with the first cookie of all, as one that is late. */
    void lateRequest(Consumer<Session> handler) {
        served(cookies.get(0), handler);
    }

    private DirectExchange served(String sent, Consumer<Session> handler) {
        DirectExchange request = sent.isEmpty() ? new DirectExchange("/") : new DirectExchange("/", "Cookie: " + sent);
        return request.serve(sessions, handler);
    }

    /**
     * Returns the cookie that its next request has, to send it by another HTTP client: the value of a {@code Cookie}
     * header.
     *
     * @return the cookie's name and value; empty if it has none
     */
    public String cookie() {
        return cookie;
    }

    /**
     * Every token that it was given.
     *
     * @return the values of its cookies, in order
     */
    public List<String> tokens() {
        return cookies.stream()
                .map(each -> each.substring(each.indexOf('=') + 1))
                .toList();
    }
}
