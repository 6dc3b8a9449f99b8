package dev.sojourn.spring;

import dev.sojourn.SignIn;
import jakarta.servlet.http.HttpSession;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.util.ClassUtils;

/**
 * Finds how and when Spring Security signed a user in: by the factors of Spring Security 7, by the ID token of an OpenID
 * provider, or by the type of the authentication if that is plain.
 */
final class SecurityContextSignIn implements SignInResolver {
    /** The methods (RFC 8176) of the factors of Spring Security 7. */
    private static final Map<String, String> FACTORS = Map.of(
            "FACTOR_PASSWORD", "pwd",
            "FACTOR_OTT", "otp",
            "FACTOR_WEBAUTHN", "pop",
            "FACTOR_AUTHORIZATION_CODE", "fed",
            "FACTOR_SAML_RESPONSE", "fed",
            "FACTOR_CAS", "fed");

    private static final ClassLoader LOADER = SecurityContextSignIn.class.getClassLoader();
    private static final boolean HAS_FACTORS =
            ClassUtils.isPresent("org.springframework.security.core.authority.FactorGrantedAuthority", LOADER);
    private static final boolean HAS_OPEN_ID =
            ClassUtils.isPresent("org.springframework.security.oauth2.core.oidc.user.OidcUser", LOADER);

    /** Names a class that Spring Security before 7 lacks. */
    private static final class Factors {
        private Factors() {}

        /** Returns when the user passed the latest factor. */
        static Optional<Instant> latest(Authentication user) {
            return user.getAuthorities().stream()
                    .filter(FactorGrantedAuthority.class::isInstance)
                    .map(authority -> ((FactorGrantedAuthority) authority).getIssuedAt())
                    .max(Comparator.naturalOrder());
        }
    }

    @Override
    public @Nullable SignIn apply(HttpSession session) {
        Authentication user = SecurityContextSubject.user(session);
        if (user == null) {
            return null;
        }
        if (user instanceof RememberMeAuthenticationToken) {
            return SignIn.remembered();
        }
        SignIn ofProvider = HAS_OPEN_ID ? OidcSignIn.of(user) : null;
        if (ofProvider != null) {
            return ofProvider;
        }
        SignIn how = SignIn.by(methods(user).toArray(String[]::new));
        return HAS_FACTORS ? Factors.latest(user).map(how::at).orElse(how) : how;
    }

    private static Set<String> methods(Authentication user) {
        Set<String> methods = new LinkedHashSet<>();
        for (GrantedAuthority authority : user.getAuthorities()) {
            String method = authority.getAuthority() == null ? null : FACTORS.get(authority.getAuthority());
            if (method != null) {
                methods.add(method);
            }
        }
        if (methods.isEmpty() && user.getClass() == UsernamePasswordAuthenticationToken.class) {
            methods.add("pwd");
        }
        return methods;
    }
}
