package dev.sojourn.spring;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.support.SessionFlashMapManager;
import org.springframework.web.util.WebUtils;

/**
 * A filter that connects Spring's {@code MockHttpSession} with the application's session. Tests with MockMvc that pass a session
 * ({@code sessionAttr}, {@code session}, {@code with(user(…))}) and inspect it afterwards ({@code request().sessionAttribute})
 * work as they do with the container's sessions.
 *
 * <p>A mock session represents a client. It keeps the cookie that the client would keep, and has the attributes that the session
 * has after a request. The attributes that a test puts into it are set in the session when the application first uses its
 * session, so that a request that does not use its session costs nothing. All other requests pass unchanged. Thread-safe.
 */
final class MockSessionFilter implements Filter {
    /** The session attribute in which Spring's {@code SessionFlashMapManager} keeps redirect attributes. */
    private static final String FLASH_MAPS = SessionFlashMapManager.class.getName() + ".FLASH_MAPS";

    private final String cookie;
    private final @Nullable SubjectResolver subjects;
    private final Map<HttpSession, LastRequest> lastRequests = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * Creates the filter.
     *
     * @param cookie the name of the session's cookie
     * @param subjects finds the user of a session, or null if sessions have none
     */
    MockSessionFilter(String cookie, @Nullable SubjectResolver subjects) {
        this.cookie = cookie;
        this.subjects = subjects;
    }

    /**
     * The last request of a mock session.
     *
     * @param token the value of the request's session cookie, or null
     * @param response the response, whose headers may set a new cookie
     * @param names the attributes that the test could see
     */
    record LastRequest(@Nullable String token, MockHttpServletResponse response, Set<String> names) {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        MockHttpServletRequest mock = WebUtils.getNativeRequest(request, MockHttpServletRequest.class);
        MockHttpServletResponse mockResponse = WebUtils.getNativeResponse(response, MockHttpServletResponse.class);
        if (mock == null || mockResponse == null) {
            chain.doFilter(request, response);
            return;
        }
        HttpSession given = mock.getSession(false);
        LastRequest last = given == null ? null : lastRequests.get(given);
        if (given != null && given.getAttribute(FLASH_MAPS) != null) {
            CookieFlashMapManager.requireLookup(mock);
        }
        String sent = sentCookie(mock);
        String kept = last == null ? null : storedCookie(last);
        if (sent == null && kept != null) {
            mock.addHeader(HttpHeaders.COOKIE, cookie + "=" + kept);
        }
        MockSessionRequest wrapped = new MockSessionRequest(
                (HttpServletRequest) request, mock, kept != null, last == null ? Set.of() : last.names(), subjects);
        try {
            chain.doFilter(wrapped, response);
        } finally {
            HttpSession shown = wrapped.handBack();
            if (shown != null) {
                Set<String> names = Set.copyOf(Collections.list(shown.getAttributeNames()));
                lastRequests.put(shown, new LastRequest(sent != null ? sent : kept, mockResponse, names));
            }
        }
    }

    private @Nullable String sentCookie(MockHttpServletRequest mock) {
        jakarta.servlet.http.Cookie found = WebUtils.getCookie(mock, cookie);
        return found == null ? null : found.getValue();
    }

    /** Returns the cookie that a browser would send: the last one that a response set, or null if that response removed it. */
    private @Nullable String storedCookie(LastRequest last) {
        String kept = last.token();
        String prefix = cookie + "=";
        for (String line : last.response().getHeaders(HttpHeaders.SET_COOKIE)) {
            if (line.startsWith(prefix)) {
                int end = line.indexOf(';');
                String value = line.substring(prefix.length(), end < 0 ? line.length() : end);
                kept = value.isEmpty() ? null : value;
            }
        }
        return kept;
    }
}
