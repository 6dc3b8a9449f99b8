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
 * The login at an OpenID provider that a session comes from, kept as an attribute of that session.
 *
 * @param issuer the provider
 * @param audience the clients that the ID token is for
 * @param subject the provider's name for the user
 * @param session the provider's session, or null if the ID token names none
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

    /** Returns whether a logout token ends this login: by its session if the token names one, and otherwise by its user. */
    boolean matches(OidcLogoutToken token) {
        return issuer.equals(token.getIssuer().toString())
                && !Collections.disjoint(audience, token.getAudience())
                && (token.getSessionId() != null
                        ? token.getSessionId().equals(session)
                        : subject.equals(token.getSubject()));
    }
}
