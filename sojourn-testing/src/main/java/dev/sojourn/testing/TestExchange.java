package dev.sojourn.testing;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A request and its response without a socket: a {@code GET} from 127.0.0.1 to {@code http://localhost}, to which
 * browsers send Secure cookies too. For tests that need sessions but no server, or very many requests. Not thread-safe.
 */
public final class TestExchange implements Exchange {
    private final Map<String, List<String>> request = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, List<String>> response = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final String path;

    /**
     * Creates a request.
     *
     * @param path the path
     * @param headers the header lines, for example {@code "Cookie: __Host-id=…"}
     */
    public TestExchange(String path, String... headers) {
        this.path = path;
        request.put("Host", List.of("localhost"));
        for (String header : headers) {
            int colon = header.indexOf(':');
            request.computeIfAbsent(header.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(header.substring(colon + 1).trim());
        }
    }

    /**
     * Serves this request from start to end, as an adapter does if the handler throws nothing.
     *
     * @param sessions the application's sessions in a store
     * @param handler uses the session
     * @return this, with the headers of the response
     */
    public TestExchange serve(SessionSource sessions, Consumer<Session> handler) {
        return serveScope(sessions, scope -> handler.accept(scope.session()));
    }

    /**
     * Serves this request from start to end with its sealed session, as an adapter does if the handler throws nothing.
     *
     * @param sessions the application's sealed sessions
     * @param handler uses the sealed session
     * @return this, with the headers of the response
     */
    public TestExchange serveSealed(SessionSource sessions, Consumer<SealedSession> handler) {
        return serveScope(sessions, scope -> handler.accept(scope.sealed()));
    }

    /**
     * Serves this request from start to end with what can be read of its session, as an adapter does if the handler throws
     * nothing.
     *
     * @param sessions the application's sessions, of any kind
     * @param handler uses the view
     * @return this, with the headers of the response
     */
    public TestExchange serveView(SessionSource sessions, Consumer<SessionView> handler) {
        return serveScope(sessions, scope -> handler.accept(scope.view()));
    }

    private TestExchange serveScope(SessionSource sessions, Consumer<SessionScope> handler) {
        try (SessionScope scope = sessions.open(this)) {
            scope.admit();
            handler.accept(scope);
            scope.commit();
        }
        return this;
    }

    /**
     * Returns the token in the only cookie of the response.
     *
     * @return the cookie's value
     * @throws AssertionError if the response sets no cookie or several cookies
     */
    public String token() {
        List<String> cookies = responseHeaders("Set-Cookie");
        if (cookies.size() != 1) {
            throw new AssertionError("expected one Set-Cookie header, found " + cookies.size());
        }
        String cookie = cookies.get(0);
        return cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public List<String> requestHeaders(String name) {
        return request.getOrDefault(name, List.of());
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1";
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public boolean isCommitted() {
        return false;
    }

    @Override
    public List<String> responseHeaders(String name) {
        return response.getOrDefault(name, List.of());
    }

    @Override
    public void setResponseHeaders(String name, List<String> values) {
        if (values.isEmpty()) {
            response.remove(name);
        } else {
            response.put(name, List.copyOf(values));
        }
    }
}
