package dev.sojourn.demo.web;

import dev.sojourn.Session;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The session of one request, and whether the request has used it. Used by one thread. */
public final class VisitorsSession {
    private final Supplier<Session> giver;
    private @Nullable Session used;

    VisitorsSession(Supplier<Session> giver) {
        this.giver = giver;
    }

    Session use() {
        Session session = giver.get();
        used = session;
        return session;
    }

    /** Saves what the request has changed so far, if it has used its session. */
    void save() {
        if (used != null) {
            used.save();
        }
    }

    /** Takes back what the request has changed and not saved, if it has used its session. */
    void discard() {
        if (used != null) {
            used.discard();
        }
    }

    /**
     * Returns who is signed in, as far as the request knows without asking the store.
     *
     * @return the user; empty where nobody is signed in, or the request has not used its session
     */
    Optional<String> knownUser() {
        return Optional.ofNullable(used).map(Session::subject);
    }
}
