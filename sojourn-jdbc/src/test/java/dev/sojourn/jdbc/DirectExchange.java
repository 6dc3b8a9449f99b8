package dev.sojourn.jdbc;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A request without a socket, for what has to pass through the engine to look as it does in life. */
final class DirectExchange implements Exchange {
    private final Map<String, List<String>> responseHeaders = new HashMap<>();
    private final String token;

    private DirectExchange(String token) {
        this.token = token;
    }

    /** Serves a client's first request and gives the token that the client got. */
    static String serve(Sessions sessions, Consumer<Session> handler) {
        return serve(sessions, "", handler);
    }

    /** Serves a request with a token (none: empty) and gives the one that the client has afterwards. */
    static String serve(Sessions sessions, String token, Consumer<Session> handler) {
        DirectExchange exchange = new DirectExchange(token);
        try (SessionScope scope = sessions.open(exchange)) {
            handler.accept(scope.session());
            scope.commit();
        }
        List<String> cookies = exchange.responseHeaders("Set-Cookie");
        if (cookies.isEmpty()) {
            return token;
        }
        String line = cookies.get(0);
        return line.substring(line.indexOf('=') + 1, line.indexOf(';'));
    }

    /** The session of LAB.md, not signed in. */
    static void seed(Session session) {
        session.set("user", "alice");
        session.set("theme", "dark");
        session.set("locale", "en_GB");
        session.set("cart", 17);
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String path() {
        return "/";
    }

    @Override
    public List<String> requestHeaders(String name) {
        return name.equalsIgnoreCase("Cookie") && !token.isEmpty() ? List.of("__Host-id=" + token) : List.of();
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1";
    }

    @Override
    public boolean isSecure() {
        return true;
    }

    @Override
    public boolean isCommitted() {
        return false;
    }

    @Override
    public List<String> responseHeaders(String name) {
        return responseHeaders.getOrDefault(name, List.of());
    }

    @Override
    public void setResponseHeaders(String name, List<String> values) {
        responseHeaders.put(name, values);
    }
}
