package dev.sojourn.benchmarks;

import dev.sojourn.spi.Exchange;
import java.util.List;

/** A minimal exchange without a socket, so that a benchmark measures only the engine. */
public final class InMemoryExchange implements Exchange {
    private final List<String> requestCookies;
    private final List<String> authorization;
    private List<String> setCookie = List.of();
    private List<String> vary = List.of();
    private List<String> cacheControl = List.of();

    private InMemoryExchange(List<String> requestCookies, List<String> authorization) {
        this.requestCookies = requestCookies;
        this.authorization = authorization;
    }

    /** Creates a request without cookies. */
    public static InMemoryExchange withoutCookie() {
        return new InMemoryExchange(List.of(), List.of());
    }

    /**
     * Creates a request with cookies.
     *
     * @param cookieHeader the lines of the {@code Cookie} header
     */
    public static InMemoryExchange withCookie(List<String> cookieHeader) {
        return new InMemoryExchange(cookieHeader, List.of());
    }

    /**
     * Creates a request with a bearer token.
     *
     * @param token the token
     */
    public static InMemoryExchange withBearer(String token) {
        return new InMemoryExchange(List.of(), List.of("Bearer " + token));
    }

    /** Returns the {@code Cookie} header of the same client's next request. */
    public List<String> nextCookieHeader() {
        if (setCookie.size() != 1) {
            throw new IllegalStateException("this response sets " + setCookie.size() + " cookies, not one");
        }
        String line = setCookie.get(0);
        return List.of(line.substring(0, line.indexOf(';')));
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
        return switch (name) {
            case "Cookie" -> requestCookies;
            case "Authorization" -> authorization;
            default -> List.of();
        };
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
        return switch (name) {
            case "Set-Cookie" -> setCookie;
            case "Vary" -> vary;
            case "Cache-Control" -> cacheControl;
            default -> List.of();
        };
    }

    @Override
    public void setResponseHeaders(String name, List<String> values) {
        switch (name) {
            case "Set-Cookie" -> setCookie = values;
            case "Vary" -> vary = values;
            case "Cache-Control" -> cacheControl = values;
            default -> throw new IllegalArgumentException("no benchmark expects the response header " + name);
        }
    }
}
