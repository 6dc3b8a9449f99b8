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
 * Back-channel logout: ends the sessions that a provider's logout token means, on every node. Each session says in an attribute
 * which login it comes from; {@link OidcLinks} finds its user.
 *
 * <p>Spring Security's handler would send a request for each session that it is told of, with the session's id as a cookie. It
 * is told of none: they are ended here.
 */
final class SojournOidcSessions implements OidcSessionRegistry {
    /** A session without an absolute timeout may be used for ever. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

    /** Clocks of nodes differ. */
    private static final Duration SLACK = Duration.ofDays(1);

    private final Sessions sessions;
    private final OidcLinks links;
    private final Clock clock;

    SojournOidcSessions(Sessions sessions, OidcLinks links, Clock clock) {
        this.sessions = sessions;
        this.links = links;
        this.clock = clock;
    }

    /** Called at a login, before its session is saved: a logout that comes next finds the user. */
    @Override
    public void saveSessionInformation(OidcSessionInformation information) {
        Session session = CurrentSession.find();
        if (session == null) {
            throw new IllegalStateException("a login by OpenID Connect that a logout token is to end needs Spring's"
                    + " RequestContextFilter before Spring Security's filter, where Spring Boot puts it");
        }
        OidcLogin login = OidcLogin.of(information.getPrincipal());
        String user = information.getPrincipal().getName();
        Instant until = until(session);
        if (login.session() != null) {
            links.add(login.issuer(), OidcLinks.By.SESSION, login.session(), user, until);
        }
        if (!login.subject().equals(user)) {
            links.add(login.issuer(), OidcLinks.By.SUBJECT, login.subject(), user, until);
        }
        session.set(OidcLogin.KEY, login);
    }

    private Instant until(Session session) {
        Duration longest = session.absoluteTimeout();
        return clock.instant().plus(longest.isZero() ? LONGEST : longest).plus(SLACK);
    }

    /** Ends what the token means. A store that does not answer makes this a 503, and the provider comes again. */
    @Override
    public Iterable<OidcSessionInformation> removeSessionInformation(OidcLogoutToken token) {
        for (String user : users(token)) {
            sessions.of(user).endIf(OidcLogin.KEY, login -> login.isMeantBy(token));
        }
        return List.of();
    }

    private Set<String> users(OidcLogoutToken token) {
        String issuer = token.getIssuer().toString();
        Set<String> users = new LinkedHashSet<>();
        if (token.getSessionId() != null) {
            users.addAll(links.users(issuer, OidcLinks.By.SESSION, token.getSessionId()));
        }
        if (token.getSubject() != null) {
            users.add(token.getSubject());
            users.addAll(links.users(issuer, OidcLinks.By.SUBJECT, token.getSubject()));
        }
        return users;
    }

    /** A session that ends or gets another id takes its attribute with it. */
    @Override
    public @Nullable OidcSessionInformation removeSessionInformation(String clientSessionId) {
        return null;
    }
}
