package dev.sojourn.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.web.servlet.FlashMap;
import org.springframework.web.servlet.FlashMapManager;
import org.springframework.web.servlet.support.SessionFlashMapManager;
import org.springframework.web.util.WebUtils;

/**
 * A flash map manager that reads redirect attributes from the session only if a cookie indicates that there are some. Spring
 * MVC looks for them in every request, including static resources, and loading a session is a store call. The response that
 * stores redirect attributes also sets the cookie, for as long as they are kept. The cookie contains no data. A client that
 * forges it only causes the store call that each request would cost without the cookie.
 */
final class CookieFlashMapManager implements FlashMapManager {
    static final String COOKIE = "sojourn-flash";

    /**
     * A request attribute, set if the session may have flash maps: a forward follows, or a test has put some into the session.
     */
    private static final String MAY_EXIST = CookieFlashMapManager.class.getName();

    private final SessionFlashMapManager delegate = new SessionFlashMapManager();
    private final String setCookie;

    /**
     * Creates a manager whose cookie has the path, domain and flags of the session cookie, so that clients send both together.
     */
    CookieFlashMapManager(SojournProperties.Cookie session) {
        ResponseCookie.ResponseCookieBuilder cookie = ResponseCookie.from(COOKIE, "1")
                .path(session.path() == null ? "/" : session.path())
                .maxAge(Duration.ofSeconds(delegate.getFlashMapTimeout()))
                .secure(!session.insecureHttp())
                .httpOnly(true)
                .sameSite(
                        session.sameSite() == null
                                ? "Lax"
                                : capitalize(session.sameSite().name()))
                .partitioned(session.partitioned());
        if (session.domain() != null) {
            cookie.domain(session.domain());
        }
        setCookie = cookie.build().toString();
    }

    private static String capitalize(String name) {
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    @Override
    public @Nullable FlashMap retrieveAndUpdate(HttpServletRequest request, HttpServletResponse response) {
        return mayHaveFlashMaps(request) ? delegate.retrieveAndUpdate(request, response) : null;
    }

    /** Makes this request read flash maps although it has no cookie. */
    static void requireLookup(HttpServletRequest request) {
        request.setAttribute(MAY_EXIST, true);
    }

    private static boolean mayHaveFlashMaps(HttpServletRequest request) {
        return request.getAttribute(MAY_EXIST) != null || WebUtils.getCookie(request, COOKIE) != null;
    }

    @Override
    public void saveOutputFlashMap(FlashMap flashMap, HttpServletRequest request, HttpServletResponse response) {
        delegate.saveOutputFlashMap(flashMap, request, response);
        if (!flashMap.isEmpty()) {
            requireLookup(request);
            response.addHeader(HttpHeaders.SET_COOKIE, setCookie);
        }
    }
}
