package dev.sojourn.demo.pages;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.UserSession;
import dev.sojourn.UserSessions;
import dev.sojourn.demo.web.Answer;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Routes;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Lists where the visitor is signed in, and ends that. */
final class DevicesPage {
    private static final int MOST_SHOWN = 20;

    private final Templates templates;
    private final Sessions sessions;
    private final Clock clock;

    DevicesPage(Templates templates, Sessions sessions, Clock clock) {
        this.templates = templates;
        this.sessions = sessions;
        this.clock = clock;
    }

    void mount(Routes routes) {
        routes.get(
                "/devices",
                request -> templates.page(request, "devices", "Where you are signed in", view(request.session())));
        routes.post(
                "/devices/end",
                request -> ofTheVisitor(
                        request,
                        (mine, session) -> mine.end(request.field("handle")) ? Notice.ENDED_ONE : Notice.ENDED_NONE));
        routes.post(
                "/devices/end-others",
                request -> ofTheVisitor(request, (mine, session) -> {
                    mine.endOthers(session);
                    return Notice.ENDED_OTHERS;
                }));
        routes.post(
                "/devices/end-all",
                request -> ofTheVisitor(request, (mine, session) -> {
                    mine.endAll();
                    return Notice.ENDED_ALL;
                }));
    }

    /** Nobody but the user of this very session gets at the user's list: the name comes from the session alone. */
    private Answer ofTheVisitor(Request request, BiFunction<UserSessions, Session, Notice> work) {
        String user = request.session().subject();
        return user == null
                ? Answer.seeOther("/devices")
                : Answer.seeOther(
                        work.apply(sessions.of(user), request.session()).at("/devices"));
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
                .limit(MOST_SHOWN)
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

    record Device(String handle, Moment created, Moment used, Moment end, boolean isThisOne) {}
}
