package dev.sojourn.spring;

import dev.sojourn.Key;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.oidc.authentication.logout.LogoutTokenClaimNames;
import org.springframework.security.oauth2.client.oidc.authentication.logout.OidcLogoutToken;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/**
 * Which login at an OpenID provider a session comes from, as an attribute of that session.
 *
 * @param issuer the provider
 * @param audience the clients that the ID token is for
 * @param subject the user, as the provider calls it
 * @param session the provider's session, or null if it names none
 */
record OidcLogin(
        String issuer,
        List<String> audience,
        String subject,
        @Nullable String session) {
    static final Key<OidcLogin> KEY = Key.of("sojourn.oidc", OidcLogin.class);

    static OidcLogin of(OidcUser user) {
        return new OidcLogin(
                Objects.requireNonNull(user.getIssuer(), "the issuer of an ID token")
                        .toString(),
                List.copyOf(user.getAudience()),
                Objects.requireNonNull(user.getSubject(), "the subject of an ID token"),
                user.getIdToken().getClaimAsString(LogoutTokenClaimNames.SID));
    }

    /** Whether a logout token means this login: its session if it names one, and otherwise its user. */
    boolean isMeantBy(OidcLogoutToken token) {
        return issuer.equals(token.getIssuer().toString())
                && !Collections.disjoint(audience, token.getAudience())
                && (token.getSessionId() != null
                        ? token.getSessionId().equals(session)
                        : subject.equals(token.getSubject()));
    }
}
