package dev.sojourn.demo.pages;

import dev.sojourn.Session;
import dev.sojourn.TokenSessions;
import dev.sojourn.UserSession;
import dev.sojourn.UserSessions;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Lists the user's sessions, those of browsers and those of API clients, and ends them. */
final class DevicesPage {
    static final String TITLE = "Where you are signed in";

    private static final int MAX_SHOWN = 20;

    private final Templates templates;
    private final TokenSessions sessions;
    private final Clock clock;

    DevicesPage(Templates templates, TokenSessions sessions, Clock clock) {
        this.templates = templates;
        this.sessions = sessions;
        this.clock = clock;
    }

    void mount(Routes routes) {
        routes.get("/devices", request -> templates.page(request, "devices", TITLE, view(session(request))));
        routes.post(
                "/devices/end",
                request -> withUserSessions(
                        request,
                        (mine, session) -> mine.end(request.field("publicId")) ? Notice.ENDED_ONE : Notice.ENDED_NONE));
        routes.post(
                "/devices/end-others",
                request -> withUserSessions(request, (mine, session) -> {
                    mine.endOthers(session);
                    return Notice.ENDED_OTHERS;
                }));
        routes.post(
                "/devices/end-all",
                request -> withUserSessions(request, (mine, session) -> {
                    mine.endAll();
                    return Notice.ENDED_ALL;
                }));
    }

    /**
     * Runs an action on the sessions of the current session's user. The user name comes only from the session, so users
     * reach their own sessions only.
     */
    private Response withUserSessions(Request request, BiFunction<UserSessions, Session, Notice> action) {
        Session session = session(request);
        String user = session.subject();
        return user == null
                ? Response.seeOther("/devices")
                : Response.seeOther(action.apply(sessions.of(user), session).addTo("/devices"));
    }

    private static Session session(Request request) {
        return request.storedSession().orElseThrow();
    }

    private View view(Session session) {
        String user = session.subject();
        if (user == null) {
            return new View(null, List.of(), 0);
        }
        Instant now = clock.instant();
        List<UserSession> all = sessions.of(user).list(session);
        List<Device> shown = all.stream()
                .sorted(Comparator.comparing(each -> !each.current()))
                .limit(MAX_SHOWN)
                .map(each -> new Device(
                        each.publicId(),
                        Moment.of(each.createdAt(), now),
                        Moment.of(each.lastAccessedAt(), now),
                        Moment.of(each.expiresAt(), now),
                        each.current()))
                .toList();
        return new View(user, shown, all.size());
    }

    record View(@Nullable String user, List<Device> devices, int count) {
        boolean hasOthers() {
            return count > 1;
        }

        int hidden() {
            return count - devices.size();
        }
    }

    record Device(String publicId, Moment created, Moment lastAccessed, Moment expires, boolean isCurrent) {}
}
