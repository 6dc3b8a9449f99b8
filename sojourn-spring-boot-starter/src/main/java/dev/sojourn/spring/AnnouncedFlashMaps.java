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
 * Attributes of redirects, which are kept in the session, and are looked for only where there may be some. Spring MVC asks
 * for them in every request, static resources among them, and a session is a store call. So a client that was given some
 * is given a cookie that says so, too, for as long as they are kept. It holds nothing, and whoever forges it causes the
 * store call that every request cost without it.
 */
final class AnnouncedFlashMaps implements FlashMapManager {
    static final String COOKIE = "sojourn-flash";

    /** In this very request: a forward follows, or a controller's test puts them where the redirect would. */
    private static final String KEPT = AnnouncedFlashMaps.class.getName();

    private final SessionFlashMapManager kept = new SessionFlashMapManager();
    private final String announcement;

    /** As the session's own cookie, so that it goes wherever that goes. */
    AnnouncedFlashMaps(SojournProperties.Cookie session) {
        ResponseCookie.ResponseCookieBuilder cookie = ResponseCookie.from(COOKIE, "1")
                .path(session.path() == null ? "/" : session.path())
                .maxAge(Duration.ofSeconds(kept.getFlashMapTimeout()))
                .secure(!session.insecureHttp())
                .httpOnly(true)
                .sameSite(
                        session.sameSite() == null
                                ? "Lax"
                                : capitalized(session.sameSite().name()))
                .partitioned(session.partitioned());
        if (session.domain() != null) {
            cookie.domain(session.domain());
        }
        announcement = cookie.build().toString();
    }

    private static String capitalized(String name) {
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    @Override
    public @Nullable FlashMap retrieveAndUpdate(HttpServletRequest request, HttpServletResponse response) {
        return mayHaveSome(request) ? kept.retrieveAndUpdate(request, response) : null;
    }

    /** Has a request looked through although no cookie announces anything. */
    static void announceIn(HttpServletRequest request) {
        request.setAttribute(KEPT, true);
    }

    private static boolean mayHaveSome(HttpServletRequest request) {
        return request.getAttribute(KEPT) != null || WebUtils.getCookie(request, COOKIE) != null;
    }

    @Override
    public void saveOutputFlashMap(FlashMap flashMap, HttpServletRequest request, HttpServletResponse response) {
        kept.saveOutputFlashMap(flashMap, request, response);
        if (!flashMap.isEmpty()) {
            announceIn(request);
            response.addHeader(HttpHeaders.SET_COOKIE, announcement);
        }
    }
}
