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
 * Connects Spring's {@code MockHttpSession} with the application's session, so that tests with MockMvc that hand a session over
 * ({@code sessionAttr}, {@code session}, {@code with(user(…))}) and look at it afterwards ({@code request().sessionAttribute})
 * work as they do on the container's sessions.
 *
 * <p>A mock session stands for a client: it keeps the cookie that the client would keep, and shows the attributes that the session
 * has after a request. What a test puts into it is set in the session when the application first asks for its session, and not
 * before: a request that does not use its session costs nothing here either. All other requests pass untouched. Thread-safe.
 */
final class MockSessions implements Filter {
    /** Where Spring's {@code SessionFlashMapManager} keeps the attributes of redirects. */
    private static final String FLASH_MAPS = SessionFlashMapManager.class.getName() + ".FLASH_MAPS";

    private final String cookie;
    private final @Nullable SubjectSource subjects;
    private final Map<HttpSession, Known> known = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * Creates the filter.
     *
     * @param cookie the name of the session's cookie
     * @param subjects says whose a session is, or null if nothing does
     */
    MockSessions(String cookie, @Nullable SubjectSource subjects) {
        this.cookie = cookie;
        this.subjects = subjects;
    }

    /**
     * What is known of a mock session from its last request.
     *
     * @param token the cookie's value that the request came with, or null
     * @param answer the answer, whose head may have a new one
     * @param names the attributes that the test was shown
     */
    record Known(@Nullable String token, MockHttpServletResponse answer, Set<String> names) {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        MockHttpServletRequest mock = WebUtils.getNativeRequest(request, MockHttpServletRequest.class);
        MockHttpServletResponse answer = WebUtils.getNativeResponse(response, MockHttpServletResponse.class);
        if (mock == null || answer == null) {
            chain.doFilter(request, response);
            return;
        }
        HttpSession given = mock.getSession(false);
        Known last = given == null ? null : known.get(given);
        if (given != null && given.getAttribute(FLASH_MAPS) != null) {
            AnnouncedFlashMaps.announceIn(mock);
        }
        String sent = sent(mock);
        String kept = last == null ? null : kept(last);
        if (sent == null && kept != null) {
            mock.addHeader(HttpHeaders.COOKIE, cookie + "=" + kept);
        }
        MockedRequest asked = new MockedRequest(
                (HttpServletRequest) request, mock, kept != null, last == null ? Set.of() : last.names(), subjects);
        try {
            chain.doFilter(asked, response);
        } finally {
            HttpSession shown = asked.handBack();
            if (shown != null) {
                Set<String> names = Set.copyOf(Collections.list(shown.getAttributeNames()));
                known.put(shown, new Known(sent != null ? sent : kept, answer, names));
            }
        }
    }

    private @Nullable String sent(MockHttpServletRequest mock) {
        jakarta.servlet.http.Cookie found = WebUtils.getCookie(mock, cookie);
        return found == null ? null : found.getValue();
    }

    /** What a browser would send: the cookie of the last answer that set one, or none if that answer took it away. */
    private @Nullable String kept(Known last) {
        String kept = last.token();
        String prefix = cookie + "=";
        for (String line : last.answer().getHeaders(HttpHeaders.SET_COOKIE)) {
            if (line.startsWith(prefix)) {
                int end = line.indexOf(';');
                String value = line.substring(prefix.length(), end < 0 ? line.length() : end);
                kept = value.isEmpty() ? null : value;
            }
        }
        return kept;
    }
}
