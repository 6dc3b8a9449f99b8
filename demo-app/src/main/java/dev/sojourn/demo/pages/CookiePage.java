package dev.sojourn.demo.pages;

import dev.sojourn.EditableSession;
import dev.sojourn.demo.web.Cookies;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Shows the cookie and the session's timeouts. */
final class CookiePage {
    /** The default name of the session cookie. */
    static final String COOKIE = "__Host-id";

    private final Templates templates;
    private final Clock clock;

    CookiePage(Templates templates, Clock clock) {
        this.templates = templates;
        this.clock = clock;
    }

    void mount(Routes routes) {
        routes.get("/cookie", this::show);
    }

    private Response show(Request request) {
        String value = request.cookie(COOKIE).map(Cookies::shorten).orElse(null);
        return templates.page(
                request,
                "cookie",
                "Cookie and timeouts",
                new View(COOKIE, value, times(request.session(), clock.instant())));
    }

    private static @Nullable Times times(EditableSession session, Instant now) {
        if (session.isNew()) {
            return null;
        }
        Instant absoluteEnd = session.createdAt().plus(Lifetimes.ABSOLUTE);
        Instant lastAccessed = session.lastAccessedAt();
        return new Times(
                Moment.of(now, now),
                Moment.of(session.createdAt(), now),
                Moment.of(lastAccessed, now),
                Moment.of(lastAccessed.plus(Lifetimes.IDLE), now),
                Moment.of(absoluteEnd, now),
                Moment.of(session.expiresAt(), now),
                Moment.of(lastAccessed.plus(Lifetimes.TOUCH_INTERVAL), now));
    }

    record View(
            String cookie, @Nullable String value, @Nullable Times times) {}

    record Times(
            Moment now,
            Moment created,
            Moment lastAccessed,
            Moment idleEnd,
            Moment absoluteEnd,
            Moment expires,
            Moment touchDue) {}
}
