package dev.sojourn.demo.pages;

import dev.sojourn.Device;
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

/** The user's sessions, those of browsers and those of API clients: the list on two pages, and the buttons that end them. */
final class DeviceList {
    private static final int MAX_SHOWN = 20;

    private final TokenSessions sessions;
    private final Clock clock;

    DeviceList(TokenSessions sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Adds the targets of a page's buttons, which lead back to the page. */
    void mount(Routes routes, String page) {
        routes.post(
                page + "/end",
                request -> withUserSessions(
                        request,
                        page,
                        (mine, session) -> mine.end(request.field("publicId")) ? Notice.ENDED_ONE : Notice.ENDED_NONE));
        routes.post(
                page + "/end-others",
                request -> withUserSessions(request, page, (mine, session) -> {
                    mine.endOthers(session);
                    return Notice.ENDED_OTHERS;
                }));
        routes.post(
                page + "/end-all",
                request -> withUserSessions(request, page, (mine, session) -> {
                    mine.endAll();
                    return Notice.ENDED_ALL;
                }));
    }

    /**
     * Runs an action on the sessions of the current session's user. The user name comes only from the session, so users
     * reach their own sessions only.
     */
    private Response withUserSessions(Request request, String page, BiFunction<UserSessions, Session, Notice> action) {
        Session session = request.storedSession().orElseThrow();
        String user = session.subject();
        return user == null
                ? Response.seeOther(page)
                : Response.seeOther(action.apply(sessions.of(user), session).addTo(page));
    }

    /** Returns the sessions of the session's user. */
    View of(Session session, String user, String page) {
        Instant now = clock.instant();
        List<UserSession> all = sessions.of(user).list(session);
        List<Entry> shown = all.stream()
                .sorted(Comparator.comparing(each -> !each.current()))
                .limit(MAX_SHOWN)
                .map(each -> entry(each, now))
                .toList();
        return new View(page, shown, all.size());
    }

    private static Entry entry(UserSession each, Instant now) {
        Device device = each.device();
        String name = device == null ? null : device.name();
        String address = device == null ? null : device.address();
        return new Entry(
                each.publicId(),
                name == null ? "A browser or app" : name,
                address == null ? "not kept" : address,
                each.remembered(),
                Moment.of(each.signedInAt(), now),
                Moment.of(each.lastAccessedAt(), now),
                Moment.of(each.expiresAt(), now),
                each.current());
    }

    /**
     * The template's data.
     *
     * @param page the path of the page that shows the list
     */
    record View(String page, List<Entry> devices, int count) {
        boolean hasOthers() {
            return count > 1;
        }

        int hidden() {
            return count - devices.size();
        }
    }

    /**
     * A session as the list shows it.
     *
     * @param isRemembered whether its browser signs the user in again by itself
     */
    record Entry(
            String publicId,
            String name,
            String address,
            boolean isRemembered,
            Moment signedIn,
            Moment lastAccessed,
            Moment expires,
            boolean isCurrent) {}
}
