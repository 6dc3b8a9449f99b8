package dev.sojourn.spring;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.oidc.authentication.logout.OidcLogoutToken;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionInformation;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionRegistry;

/**
 * A session registry for back-channel logout: ends the sessions that a provider's logout token names, on every node. Each session
 * has an attribute with the login that it comes from. {@link OidcLoginIndex} finds its user.
 *
 * <p>For each session that this registry returns, Spring Security's handler would send a request with the session's id as a
 * cookie. So the registry ends the sessions and returns none.
 */
final class SojournOidcSessions implements OidcSessionRegistry {
    /** How long a login without an absolute timeout is kept. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

    /** An allowance for nodes whose clocks differ. */
    private static final Duration SLACK = Duration.ofDays(1);

    private final Sessions sessions;
    private final OidcLoginIndex logins;
    private final Clock clock;

    SojournOidcSessions(Sessions sessions, OidcLoginIndex logins, Clock clock) {
        this.sessions = sessions;
        this.logins = logins;
        this.clock = clock;
    }

    /** Adds a login, before its session is saved, so that a logout that follows finds the user. */
    @Override
    public void saveSessionInformation(OidcSessionInformation information) {
        Session session = CurrentSession.find();
        if (session == null) {
            throw new IllegalStateException(
                    "back-channel logout needs Spring's RequestContextFilter before Spring Security's filter, where"
                            + " Spring Boot puts it");
        }
        OidcLogin login = OidcLogin.of(information.getPrincipal());
        String user = information.getPrincipal().getName();
        Instant until = until(session);
        if (login.session() != null) {
            logins.add(login.issuer(), OidcLoginIndex.By.SESSION, login.session(), user, until);
        }
        if (!login.subject().equals(user)) {
            logins.add(login.issuer(), OidcLoginIndex.By.SUBJECT, login.subject(), user, until);
        }
        session.set(OidcLogin.KEY, login);
    }

    private Instant until(Session session) {
        Duration longest = session.absoluteTimeout();
        return clock.instant().plus(longest.isZero() ? LONGEST : longest).plus(SLACK);
    }

    /** Ends the sessions that the token names. If the store is unavailable, the response is a 503, and the provider tries again. */
    @Override
    public Iterable<OidcSessionInformation> removeSessionInformation(OidcLogoutToken token) {
        for (String user : users(token)) {
            sessions.of(user).endIf(OidcLogin.KEY, login -> login.matches(token));
        }
        return List.of();
    }

    private Set<String> users(OidcLogoutToken token) {
        String issuer = token.getIssuer().toString();
        Set<String> users = new LinkedHashSet<>();
        if (token.getSessionId() != null) {
            users.addAll(logins.users(issuer, OidcLoginIndex.By.SESSION, token.getSessionId()));
        }
        if (token.getSubject() != null) {
            users.add(token.getSubject());
            users.addAll(logins.users(issuer, OidcLoginIndex.By.SUBJECT, token.getSubject()));
        }
        return users;
    }

    /** Does nothing: the attribute ends with its session, and stays in it when the id changes. */
    @Override
    public @Nullable OidcSessionInformation removeSessionInformation(String clientSessionId) {
        return null;
    }
}
