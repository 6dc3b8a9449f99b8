package dev.sojourn.spring;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.UserSession;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistry;

/**
 * A session registry that finds a user's sessions in the store, on every node. It has no state. Session ids are public ids.
 * Expiring a session here ends it immediately on every node, so that no expired sessions are ever listed.
 */
final class SojournSessionRegistry implements SessionRegistry {
    private final Sessions sessions;

    SojournSessionRegistry(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Information about a session, whose {@link #expireNow} ends the session. */
    private static final class StoredSessionInformation extends SessionInformation {
        private static final long serialVersionUID = 1L;

        private final transient Sessions sessions;
        private final String user;

        StoredSessionInformation(Sessions sessions, Object principal, String user, String publicId, Date lastRequest) {
            super(principal, publicId, lastRequest);
            this.sessions = sessions;
            this.user = user;
        }

        @Override
        public void expireNow() {
            sessions.of(user).end(getSessionId());
            super.expireNow();
        }
    }

    /**
     * Not supported, because a store has no list of users.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public List<Object> getAllPrincipals() {
        throw new UnsupportedOperationException(
                "a session store has no list of its users: use getAllSessions with one user");
    }

    @Override
    public List<SessionInformation> getAllSessions(Object principal, boolean includeExpiredSessions) {
        String user = nameOf(principal);
        // Spring Security sorts what it is given.
        List<SessionInformation> all = new ArrayList<>();
        sessions.of(user).list().forEach(each -> all.add(information(principal, user, each)));
        return all;
    }

    private SessionInformation information(Object principal, String user, UserSession found) {
        return new StoredSessionInformation(
                sessions, principal, user, found.publicId(), Date.from(found.lastAccessedAt()));
    }

    /** Returns the name of a principal, as Spring Security finds it. */
    private static String nameOf(Object principal) {
        return new TestingAuthenticationToken(principal, null).getName();
    }

    /**
     * Finds a session by its public id. The session of the current request costs no store call. Any other is searched among the
     * sessions of the current request's user.
     */
    @Override
    public @Nullable SessionInformation getSessionInformation(String sessionId) {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        if (who == null || who.getPrincipal() == null) {
            return null;
        }
        Session current = CurrentSession.find();
        if (current != null && current.publicId().equals(sessionId)) {
            return new StoredSessionInformation(
                    sessions, who.getPrincipal(), who.getName(), sessionId, Date.from(current.lastAccessedAt()));
        }
        return getAllSessions(who.getPrincipal(), false).stream()
                .filter(each -> each.getSessionId().equals(sessionId))
                .findFirst()
                .orElse(null);
    }

    /** Does nothing: the store has the time of the last access. */
    @Override
    public void refreshLastRequest(String sessionId) {}

    /** Does nothing: a saved session belongs to its user. */
    @Override
    public void registerNewSession(String sessionId, Object principal) {}

    /** Does nothing: a session that has ended is no longer in the store. */
    @Override
    public void removeSessionInformation(String sessionId) {}
}
