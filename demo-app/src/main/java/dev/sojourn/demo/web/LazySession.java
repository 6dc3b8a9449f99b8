package dev.sojourn.demo.web;

import dev.sojourn.Session;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The session of one request, which is loaded when first used. Used by one thread. */
public final class LazySession {
    private final Supplier<Session> supplier;
    private @Nullable Session used;

    LazySession(Supplier<Session> supplier) {
        this.supplier = supplier;
    }

    Session get() {
        Session session = supplier.get();
        used = session;
        return session;
    }

    /** Saves the request's changes, if it has used the session. */
    void save() {
        if (used != null) {
            used.save();
        }
    }

    /** Discards the request's unsaved changes, if it has used the session. */
    void discard() {
        if (used != null) {
            used.discard();
        }
    }

    /**
     * Returns the signed-in user, without a store call.
     *
     * @return the user; empty if no user is signed in or the request has not used the session
     */
    Optional<String> knownUser() {
        return Optional.ofNullable(used).map(Session::subject);
    }
}
