package dev.sojourn.spring;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.SignedIn;
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
 * Spring Security's view of where a user is signed in, on every node. It keeps nothing: the store is asked. Ids are
 * public handles. What is expired here is ended at once, everywhere, so there are no expired sessions to be seen.
 */
final class SojournSessionRegistry implements SessionRegistry {
    private final Sessions sessions;

    SojournSessionRegistry(Sessions sessions) {
        this.sessions = sessions;
    }

    /** A session that is ended when it is expired. */
    private static final class Ending extends SessionInformation {
        private static final long serialVersionUID = 1L;

        private final transient Sessions sessions;
        private final String user;

        Ending(Sessions sessions, Object principal, String user, String handle, Date lastRequest) {
            super(principal, handle, lastRequest);
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
     * Not offered: a store has no list of users.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public List<Object> getAllPrincipals() {
        throw new UnsupportedOperationException(
                "a session store has no list of its users: ask for one user's sessions");
    }

    @Override
    public List<SessionInformation> getAllSessions(Object principal, boolean includeExpiredSessions) {
        String user = nameOf(principal);
        // Spring Security sorts what it is given.
        List<SessionInformation> all = new ArrayList<>();
        sessions.of(user).list().forEach(each -> all.add(information(principal, user, each)));
        return all;
    }

    private SessionInformation information(Object principal, String user, SignedIn found) {
        return new Ending(sessions, principal, user, found.publicId(), Date.from(found.lastAccessedAt()));
    }

    /** As Spring Security itself finds the name of a principal. */
    private static String nameOf(Object principal) {
        return new TestingAuthenticationToken(principal, null).getName();
    }

    /**
     * The session of this request costs no store call; any other is looked for among those of the user of this request.
     */
    @Override
    public @Nullable SessionInformation getSessionInformation(String sessionId) {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        if (who == null || who.getPrincipal() == null) {
            return null;
        }
        Session current = CurrentSession.find();
        if (current != null && current.publicId().equals(sessionId)) {
            return new Ending(
                    sessions, who.getPrincipal(), who.getName(), sessionId, Date.from(current.lastAccessedAt()));
        }
        return getAllSessions(who.getPrincipal(), false).stream()
                .filter(each -> each.getSessionId().equals(sessionId))
                .findFirst()
                .orElse(null);
    }

    /** The store knows by itself. */
    @Override
    public void refreshLastRequest(String sessionId) {}

    /** A session belongs to its user once it is saved. */
    @Override
    public void registerNewSession(String sessionId, Object principal) {}

    /** Whoever ends a session has ended it in the store. */
    @Override
    public void removeSessionInformation(String sessionId) {}
}
