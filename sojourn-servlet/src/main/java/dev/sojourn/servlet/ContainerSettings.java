package dev.sojourn.servlet;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code web.xml} and the container say of sessions, for each application that a filter stands in. Its timeout holds for
 * drop-in sessions where {@code Sessions} was given none; what has no effect is warned about once, at start-up, with the option
 * to set in its place.
 */
final class ContainerSettings {
    /** What containers say where nobody set a timeout, and our default as well. */
    private static final int NOT_SET = 30;

    /** A filter's init parameter: "true" where what the cookie-config says has become options of Sessions. */
    private static final String COOKIE_IS_HONOURED = "dev.sojourn.cookie-config-is-honoured";

    private static final List<String> OUR_NAMES = List.of("__Host-id", "__Secure-id", "id");

    private final Sessions sessions;
    private final Map<ServletContext, Duration> timeouts = new ConcurrentHashMap<>();

    ContainerSettings(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Reads the settings of an application whose filter is initialised. */
    void find(FilterConfig config) {
        ServletContext context = config.getServletContext();
        @Nullable SessionCookieConfig cookie = context.getSessionCookieConfig();
        if (cookie == null) {
            // Jetty, where the application was given no sessions of its own.
            return;
        }
        timeout(context.getSessionTimeout(), context);
        warnOfOneNameForTwo(cookie);
        if (!"true".equals(config.getInitParameter(COOKIE_IS_HONOURED))) {
            warnOfCookie(cookie, context.getContextPath());
        }
    }

    /** Zero is what Jetty says where nothing is set; Tomcat and Undertow say less than zero for "never". */
    private void timeout(int minutes, ServletContext context) {
        if (sessions.implicitIdleTimeout().isEmpty() || minutes == 0 || minutes == NOT_SET) {
            return;
        }
        if (minutes < 0) {
            warn("the session-timeout of web.xml, never, does nothing: sessions end after "
                    + sessions.implicitIdleTimeout().get().toMinutes()
                    + " minutes of idling. Set c.idleTimeout(...), with Spring sojourn.idle-timeout; zero is for none");
        } else {
            timeouts.put(context, Duration.ofMinutes(Math.min(minutes, DropInSession.LONGEST / 60)));
        }
    }

    /** Gives a session that begins in this application the container's timeout, where it has no other one. */
    void applyTo(Session session, ServletContext context) {
        @Nullable Duration timeout = timeouts.get(context);
        if (timeout != null && sessions.implicitIdleTimeout().equals(Optional.of(session.idleTimeout()))) {
            session.idleTimeout(timeout);
        }
    }

    /** Whether the container begins sessions of its own, a filter cannot know: FORM authentication and single sign-on do. */
    private void warnOfOneNameForTwo(SessionCookieConfig cookie) {
        @Nullable String configured = cookie.getName();
        String containers = configured == null ? "JSESSIONID" : configured;
        if (sessions.cookieNames().contains(containers)) {
            warn("the session cookie is called " + containers
                    + ", as the container's own: if the container begins"
                    + " sessions too, for FORM authentication or single sign-on, each overwrites the other's"
                    + " cookie. Give it another name: c.cookie(k -> k.name(\"__Host-id\")), with Spring"
                    + " sojourn.cookie.name=__Host-id");
        }
    }

    /**
     * Warns of what a cookie-config of {@code web.xml} or a {@code SessionCookieConfig} asks for. It may be meant for the
     * container's own sessions or be set in {@code Sessions} too, which the line says.
     */
    private void warnOfCookie(SessionCookieConfig cookie, String contextPath) {
        Map<String, String> set = new LinkedHashMap<>();
        @Nullable String name = cookie.getName();
        if (name != null && !name.equals("JSESSIONID") && isOurs(sessions.cookieNames())) {
            set.put("name", "name(\"" + name + "\")");
        }
        @Nullable String path = cookie.getPath();
        if (path != null && !path.isEmpty() && !path.equals("/") && !path.equals(contextPath)) {
            set.put("path", "path(\"" + path + "\")");
        }
        @Nullable String domain = cookie.getDomain();
        if (domain != null && !domain.isEmpty()) {
            set.put("domain", "domain(\"" + domain + "\")");
        }
        if (cookie.getMaxAge() > 0) {
            set.put("max-age", "lifetime(CookieLifetime.of(Duration.ofSeconds(" + cookie.getMaxAge() + ")))");
        }
        if (!set.isEmpty()) {
            warn("the container's cookie-config (" + String.join(", ", set.keySet())
                    + ") has no effect on the session cookie, only on the container's own. Where it is meant for this"
                    + " one, set c.cookie(k -> k." + String.join(".", set.values()) + ")");
        }
    }

    /** Whether nobody chose the name. */
    private static boolean isOurs(Set<String> names) {
        return names.stream().anyMatch(OUR_NAMES::contains);
    }

    private static void warn(String text) {
        SojournFilter.log().log(Level.WARNING, text);
    }
}
