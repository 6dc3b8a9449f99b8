package dev.sojourn.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a test's client sends to be a signed-in user: a {@code Cookie} header, or a token in another header. {@link TestSessions}
 * creates it. Immutable. {@link #toString} omits the token.
 */
public final class SignedInUser {
    private final String user;
    private final Map<String, String> cookies;
    private final String headerName;
    private final String headerValue;

    private SignedInUser(String user, Map<String, String> cookies, String headerName, String headerValue) {
        this.user = user;
        this.cookies = cookies;
        this.headerName = headerName;
        this.headerValue = headerValue;
    }

    static SignedInUser byCookies(String user, Map<String, String> cookies) {
        String header = cookies.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining("; "));
        return new SignedInUser(user, new LinkedHashMap<>(cookies), "Cookie", header);
    }

    static SignedInUser byHeader(String user, String name, String value) {
        return new SignedInUser(user, Map.of(), name, value);
    }

    /**
     * Returns the user.
     *
     * @return the user, as given to {@link TestSessions#signIn(String)}
     */
    public String user() {
        return user;
    }

    /**
     * Returns the name of the header to send with each request.
     *
     * @return {@code Cookie}, {@code Authorization}, or the header of the configured transport
     */
    public String headerName() {
        return headerName;
    }

    /**
     * Returns the value of the header to send with each request.
     *
     * @return the value of {@link #headerName}
     */
    public String headerValue() {
        return headerValue;
    }

    /**
     * Returns the name of the session's cookie, for clients with a cookie jar.
     *
     * @return the cookie's name
     * @throws IllegalStateException if the session does not travel in exactly one cookie
     */
    public String cookieName() {
        return onlyCookie().getKey();
    }

    /**
     * Returns the value of the session's cookie, for clients with a cookie jar.
     *
     * @return the cookie's value
     * @throws IllegalStateException if the session does not travel in exactly one cookie
     */
    public String cookieValue() {
        return onlyCookie().getValue();
    }

    private Map.Entry<String, String> onlyCookie() {
        if (cookies.size() != 1) {
            throw new IllegalStateException("the session travels in " + cookies.size()
                    + " cookies, not in one: send headerName() and headerValue()");
        }
        return cookies.entrySet().iterator().next();
    }

    /** Omits the token. */
    @Override
    public String toString() {
        return "SignedInUser[" + user + ", " + headerName + "]";
    }
}
