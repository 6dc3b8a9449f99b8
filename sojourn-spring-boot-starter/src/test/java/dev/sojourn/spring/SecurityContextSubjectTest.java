package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;

/** A session belongs to an authenticated user, and to no other kind of authentication. */
class SecurityContextSubjectTest {
    private static final List<GrantedAuthority> ROLES = AuthorityUtils.createAuthorityList("ROLE_USER");

    private final MockHttpSession session = new MockHttpSession();
    private final SecurityContextSubject user = new SecurityContextSubject();

    private void keep(Object securityContext) {
        session.setAttribute(HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY, securityContext);
    }

    @Test
    void it_is_the_name_of_an_authenticated_user() {
        keep(new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated("alice", null, ROLES)));
        assertThat(user.apply(session)).isEqualTo("alice");

        keep(new SecurityContextImpl(new RememberMeAuthenticationToken("key", "bob", ROLES)));
        assertThat(user.apply(session)).isEqualTo("bob");
    }

    @Test
    void an_anonymous_authentication_is_no_user_although_it_counts_as_authenticated() {
        AnonymousAuthenticationToken anonymous = new AnonymousAuthenticationToken("key", "anonymousUser", ROLES);
        assertThat(anonymous.isAuthenticated()).isTrue();

        keep(new SecurityContextImpl(anonymous));

        assertThat(user.apply(session)).isNull();
    }

    @Test
    void credentials_that_are_not_verified_are_no_user() {
        keep(new SecurityContextImpl(UsernamePasswordAuthenticationToken.unauthenticated("alice", "guess")));

        assertThat(user.apply(session)).isNull();
    }

    @Test
    void a_session_without_a_security_context_has_no_user() {
        assertThat(user.apply(session)).isNull();

        keep("alice");
        assertThat(user.apply(session)).isNull();

        keep(new SecurityContextImpl());
        assertThat(user.apply(session)).isNull();
    }
}
