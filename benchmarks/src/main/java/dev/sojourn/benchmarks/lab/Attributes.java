package dev.sojourn.benchmarks.lab;

import dev.sojourn.EditableSession;
import dev.sojourn.Key;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the lab's endpoints do with the attributes of a session, of whatever kind. Each method returns a response's body. */
final class Attributes {
    static final String OK = "ok";

    private static final Key<Integer> VIEWS = Key.of("views", Integer.class);
    private static final String USER = "user";

    private Attributes() {}

    static String views(SessionView session) {
        return text(session.get(VIEWS));
    }

    /** Deliberately a plain get followed by set: parallel requests may lose each other's update. */
    static String countView(EditableSession session) {
        Integer before = session.get(VIEWS);
        int views = before == null ? 1 : before + 1;
        session.set(VIEWS, views);
        return Integer.toString(views);
    }

    static String get(SessionView session, Parameters query) {
        return text(session.get(query.text("k"), Object.class));
    }

    static String set(EditableSession session, Parameters query) {
        session.set(query.text("k"), query.text("v"));
        return OK;
    }

    static String setSlowly(EditableSession session, Parameters query) {
        String name = query.text("k");
        session.get(name, Object.class);
        try {
            TimeUnit.MILLISECONDS.sleep(query.milliseconds("ms"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return set(session, query);
    }

    static String increment(Session session, Parameters query) {
        return text(session.update(query.text("k"), Integer.class, count -> count == null ? 1 : count + 1));
    }

    static String subject(SessionView session) {
        return text(session.subject());
    }

    static String login(EditableSession session, Parameters query) {
        String user = query.text(USER);
        session.login(user);
        // In Express's records, the login has already set it.
        if (!user.equals(session.get(USER, String.class))) {
            session.set(USER, user);
        }
        return OK;
    }

    static String logout(EditableSession session) {
        session.destroy();
        return OK;
    }

    static String seed(EditableSession session, Parameters query) {
        String user = query.text(USER);
        session.regenerate();
        try {
            session.set(USER, user);
        } catch (IllegalArgumentException e) {
            // In Express's records, this attribute is the subject, and only a login may set it.
            session.login(user);
        }
        session.set("theme", "dark");
        session.set("locale", "en_GB");
        session.set("cart", 17);
        return OK;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
