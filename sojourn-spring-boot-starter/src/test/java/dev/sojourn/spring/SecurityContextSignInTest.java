package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SignIn;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;

/** What a session keeps of a sign-in with Spring Security. */
class SecurityContextSignInTest {
    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");
    private static final List<GrantedAuthority> ROLES = AuthorityUtils.createAuthorityList("ROLE_USER");

    private static SignIn signIn(Authentication authentication) {
        MockHttpSession session = new MockHttpSession();
        session.setAttribute(
                HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY,
                new SecurityContextImpl(authentication));
        return Objects.requireNonNullElse(new SecurityContextSignIn().apply(session), SignIn.by("none"));
    }

    private static Authentication ofProvider(Map<String, Object> claims) {
        Map<String, Object> all =
                new HashMap<>(Map.of("sub", "248289761001", "iss", "https://id.example.com", "iat", NOW));
        all.putAll(claims);
        OidcIdToken token = new OidcIdToken("text", NOW, NOW.plusSeconds(300), all);
        return new OAuth2AuthenticationToken(new DefaultOidcUser(ROLES, token), ROLES, "id");
    }

    @Test
    void a_plain_type_names_the_method() {
        assertThat(signIn(UsernamePasswordAuthenticationToken.authenticated("alice", null, ROLES)))
                .isEqualTo(SignIn.by("pwd"));
        TestingAuthenticationToken unknown = new TestingAuthenticationToken("alice", "x", ROLES);
        assertThat(signIn(unknown)).isEqualTo(SignIn.by());
        assertThat(signIn(new AnonymousAuthenticationToken("key", "anonymousUser", ROLES)))
                .isEqualTo(SignIn.by("none"));
        assertThat(signIn(UsernamePasswordAuthenticationToken.unauthenticated("alice", "guess")))
                .isEqualTo(SignIn.by("none"));
    }

    @Test
    void the_remember_me_of_spring_is_never_fresh() {
        assertThat(signIn(new RememberMeAuthenticationToken("key", "bob", ROLES))
                        .isRemembered())
                .isTrue();
    }

    @Test
    void the_factors_name_the_methods_and_the_time_of_the_latest_one() {
        List<GrantedAuthority> factors = List.of(
                FactorGrantedAuthority.withAuthority("FACTOR_PASSWORD")
                        .issuedAt(NOW.minusSeconds(60))
                        .build(),
                FactorGrantedAuthority.withAuthority("FACTOR_OTT").issuedAt(NOW).build(),
                ROLES.get(0));
        assertThat(signIn(UsernamePasswordAuthenticationToken.authenticated("alice", null, factors)))
                .isEqualTo(SignIn.by("pwd", "otp").at(NOW));
    }

    @Test
    void an_id_token_states_the_time_the_methods_the_level_and_the_session_of_the_provider() {
        Map<String, Object> claims = Map.of(
                "auth_time", NOW.minusSeconds(600), "amr", List.of("pwd", "mfa"), "acr", "aal2", "sid", "08a5019c");
        assertThat(signIn(ofProvider(claims)))
                .isEqualTo(SignIn.by("pwd", "mfa")
                        .level("aal2")
                        .provider("https://id.example.com", "08a5019c")
                        .at(NOW.minusSeconds(600)));
        assertThat(signIn(ofProvider(Map.of())))
                .isEqualTo(SignIn.by("fed")
                        .provider("https://id.example.com", null)
                        .at(NOW));
    }

    @Test
    void claims_that_are_out_of_bounds_are_omitted() {
        Map<String, Object> claims =
                Map.of("amr", List.of("x".repeat(33)), "acr", "x".repeat(129), "sid", "x".repeat(257));
        assertThat(signIn(ofProvider(claims))).isEqualTo(SignIn.by("fed").at(NOW));
    }
}
