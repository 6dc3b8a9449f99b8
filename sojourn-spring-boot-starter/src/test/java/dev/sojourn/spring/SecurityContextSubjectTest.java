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

/** Checks that only an authenticated user is the subject of a session. */
class SecurityContextSubjectTest {
    private static final List<GrantedAuthority> ROLES = AuthorityUtils.createAuthorityList("ROLE_USER");

    private final MockHttpSession session = new MockHttpSession();
    private final SecurityContextSubject user = new SecurityContextSubject();

    private void setSecurityContext(Object securityContext) {
        session.setAttribute(HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY, securityContext);
    }

    @Test
    void the_subject_is_the_name_of_an_authenticated_user() {
        setSecurityContext(
                new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated("alice", null, ROLES)));
        assertThat(user.apply(session)).isEqualTo("alice");

        setSecurityContext(new SecurityContextImpl(new RememberMeAuthenticationToken("key", "bob", ROLES)));
        assertThat(user.apply(session)).isEqualTo("bob");
    }

    @Test
    void an_anonymous_authentication_is_no_subject_although_it_is_authenticated() {
        AnonymousAuthenticationToken anonymous = new AnonymousAuthenticationToken("key", "anonymousUser", ROLES);
        assertThat(anonymous.isAuthenticated()).isTrue();

        setSecurityContext(new SecurityContextImpl(anonymous));

        assertThat(user.apply(session)).isNull();
    }

    @Test
    void an_unauthenticated_token_is_no_subject() {
        setSecurityContext(
                new SecurityContextImpl(UsernamePasswordAuthenticationToken.unauthenticated("alice", "guess")));

        assertThat(user.apply(session)).isNull();
    }

    @Test
    void a_session_without_a_security_context_has_no_subject() {
        assertThat(user.apply(session)).isNull();

        setSecurityContext("alice");
        assertThat(user.apply(session)).isNull();

        setSecurityContext(new SecurityContextImpl());
        assertThat(user.apply(session)).isNull();
    }
}
