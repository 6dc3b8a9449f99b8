package dev.sojourn.servlet;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.SourceByRequest;
import dev.sojourn.spi.SessionSource;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The session settings of {@code web.xml} and the container, for each application that uses the filter. Their timeout applies
 * to drop-in sessions if {@code Sessions} has none. Settings without effect are logged once, at start-up, with the option to
 * set instead.
 */
final class ContainerSettings {
    /** The timeout in minutes that containers report if none is set. It is the default of {@code Sessions} too. */
    private static final int NOT_SET = 30;

    /** An init parameter of the filter: "true" if the cookie-config is applied as options of {@code Sessions}. */
    private static final String COOKIE_IS_HONOURED = "dev.sojourn.cookie-config-is-honoured";

    private static final List<String> DEFAULT_NAMES = List.of("__Host-id", "__Secure-id", "id");

    private final SessionSource source;
    private final Map<ServletContext, Duration> timeouts = new ConcurrentHashMap<>();

    ContainerSettings(SessionSource source) {
        this.source = source;
    }

    /** Reads the settings of an application whose filter is being initialized. */
    void read(FilterConfig config) {
        reportMissingDropIns();
        ServletContext context = config.getServletContext();
        @Nullable SessionCookieConfig cookie = context.getSessionCookieConfig();
        if (cookie == null) {
            // A Jetty application that was created without sessions.
            return;
        }
        readTimeout(context.getSessionTimeout(), context);
        warnAboutSharedName(cookie);
        if (!"true".equals(config.getInitParameter(COOKIE_IS_HONOURED))) {
            warnAboutCookieConfig(cookie, context.getContextPath());
        }
    }

    /** Returns the sessions that keep drop-in sessions. */
    private List<Sessions> stores() {
        return kinds(source)
                .filter(Sessions.class::isInstance)
                .map(Sessions.class::cast)
                .toList();
    }

    private static Stream<SessionSource> kinds(SessionSource source) {
        return source instanceof SourceByRequest several
                ? several.sources().stream().flatMap(ContainerSettings::kinds)
                : Stream.of(source);
    }

    private void reportMissingDropIns() {
        if (stores().isEmpty()) {
            SojournFilter.logger()
                    .log(
                            Level.INFO,
                            "request.getSession() has no sessions: an HttpSession has to be kept in a store, and "
                                    + source.getClass().getSimpleName()
                                    + " is mounted. Handlers call Sojourn.session(request), Sojourn.sealed(request) or"
                                    + " Sojourn.view(request), whichever that has");
        }
    }

    /** Jetty reports zero if nothing is set. Tomcat and Undertow report a negative number for "never". */
    private void readTimeout(int minutes, ServletContext context) {
        Optional<Duration> implicit = stores().stream()
                .flatMap(each -> each.implicitIdleTimeout().stream())
                .findFirst();
        if (implicit.isEmpty() || minutes == 0 || minutes == NOT_SET) {
            return;
        }
        if (minutes < 0) {
            warn(
                    "the session-timeout of web.xml, never, has no effect: sessions expire after "
                            + implicit.get().toMinutes()
                            + " minutes of inactivity. Set c.idleTimeout(...), with Spring sojourn.idle-timeout; zero means no timeout");
        } else {
            timeouts.put(context, Duration.ofMinutes(Math.min(minutes, DropInSession.MAX_INTERVAL_SECONDS / 60)));
        }
    }

    /** Sets the container's timeout on a new session of this application, unless the session has another one. */
    void applyTo(Session session, Sessions sessions, ServletContext context) {
        @Nullable Duration timeout = timeouts.get(context);
        if (timeout != null && sessions.implicitIdleTimeout().equals(Optional.of(session.idleTimeout()))) {
            session.idleTimeout(timeout);
        }
    }

    /** A filter cannot know whether the container creates its own sessions, as FORM authentication and single sign-on do. */
    private void warnAboutSharedName(SessionCookieConfig cookie) {
        @Nullable String configured = cookie.getName();
        String containers = configured == null ? "JSESSIONID" : configured;
        if (source.cookieNames().contains(containers)) {
            warn("the session cookie has the same name as the container's session cookie, " + containers
                    + ": if the container creates sessions too, for FORM authentication or single sign-on, each"
                    + " overwrites the other's cookie. Set another name: c.cookie(k -> k.name(\"__Host-id\")), with"
                    + " Spring sojourn.cookie.name=__Host-id");
        }
    }

    /**
     * Warns about settings of a cookie-config of {@code web.xml} or a {@code SessionCookieConfig}. They may be meant for the
     * container's sessions, or also be set in {@code Sessions}; the log line allows for both.
     */
    private void warnAboutCookieConfig(SessionCookieConfig cookie, String contextPath) {
        Map<String, String> set = new LinkedHashMap<>();
        @Nullable String name = cookie.getName();
        if (name != null && !name.equals("JSESSIONID") && isDefault(source.cookieNames())) {
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
                    + ") has no effect on the session cookie, only on the container's. If it is meant for the session"
                    + " cookie, set c.cookie(k -> k." + String.join(".", set.values()) + ")");
        }
    }

    /** Returns whether the application has not chosen the name. */
    private static boolean isDefault(Set<String> names) {
        return names.stream().anyMatch(DEFAULT_NAMES::contains);
    }

    private static void warn(String text) {
        SojournFilter.logger().log(Level.WARNING, text);
    }
}
