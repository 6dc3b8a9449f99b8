package dev.sojourn.demo.pages;

import dev.sojourn.Session;
import dev.sojourn.demo.web.Answer;
import dev.sojourn.demo.web.Cookies;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Routes;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Shows the cookie, and when the session ends. */
final class CookiePage {
    /** The library's default name. */
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

    private Answer show(Request request) {
        String sent = request.cookie(COOKIE).map(Cookies::shortened).orElse(null);
        return templates.page(
                request,
                "cookie",
                "Cookie and time",
                new View(COOKIE, sent, times(request.session(), clock.instant())));
    }

    private static @Nullable Times times(Session session, Instant now) {
        if (session.isNew()) {
            return null;
        }
        Instant absoluteEnd = session.createdAt().plus(Lifetimes.ABSOLUTE);
        Instant used = session.lastAccessedAt();
        return new Times(
                Moment.of(now, now),
                Moment.of(session.createdAt(), now),
                Moment.of(used, now),
                Moment.of(used.plus(Lifetimes.IDLE), now),
                Moment.of(absoluteEnd, now),
                Moment.of(session.expiresAt(), now),
                Moment.of(used.plus(Lifetimes.TOUCH), now));
    }

    record View(
            String cookie, @Nullable String sent, @Nullable Times times) {}

    record Times(
            Moment now, Moment created, Moment used, Moment idleEnd, Moment absoluteEnd, Moment end, Moment touchDue) {}
}
