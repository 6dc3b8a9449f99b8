package dev.sojourn.spring;

import dev.sojourn.SignIn;
import java.net.URL;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.oidc.authentication.logout.LogoutTokenClaimNames;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/** Finds how and when an OpenID provider signed a user in, by its ID token. Claims that are no sign-in's facts are omitted. */
final class OidcSignIn {
    private static final String FEDERATED = "fed";

    private OidcSignIn() {}

    /** Returns null if the user is not one of an OpenID provider. */
    static @Nullable SignIn of(Authentication authentication) {
        if (!(authentication.getPrincipal() instanceof OidcUser user)) {
            return null;
        }
        List<String> methods = user.getAuthenticationMethods();
        SignIn byProvider = SignIn.by(FEDERATED);
        SignIn how = methods == null || methods.isEmpty()
                ? byProvider
                : valid(() -> SignIn.by(methods.toArray(String[]::new)), byProvider);
        String level = user.getAuthenticationContextClass();
        SignIn leveled = level == null ? how : valid(() -> how.level(level), how);
        URL issuer = user.getIssuer();
        String session = user.getIdToken().getClaimAsString(LogoutTokenClaimNames.SID);
        SignIn named = issuer == null ? leveled : valid(() -> leveled.provider(issuer.toString(), session), leveled);
        Instant at = user.getAuthenticatedAt() != null ? user.getAuthenticatedAt() : user.getIssuedAt();
        return at == null ? named : named.at(at);
    }

    private static SignIn valid(Supplier<SignIn> how, SignIn otherwise) {
        try {
            return how.get();
        } catch (IllegalArgumentException e) {
            return otherwise;
        }
    }
}
