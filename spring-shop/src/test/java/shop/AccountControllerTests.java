package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestBuilders.formLogin;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestBuilders.logout;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.security.test.web.servlet.response.SecurityMockMvcResultMatchers.authenticated;
import static org.springframework.security.test.web.servlet.response.SecurityMockMvcResultMatchers.unauthenticated;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.cookie;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.test.context.support.WithAnonymousUser;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.security.test.context.support.WithUserDetails;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.test.web.servlet.MockMvc;

@WebMvcTest(AccountController.class)
@Import(SecurityConfiguration.class)
class AccountControllerTests {
    @Autowired
    private MockMvc mvc;

    @Test
    void showsTheAccountOfAUser() throws Exception {
        mvc.perform(get("/account").with(user("alice")))
                .andExpect(content().string("account of alice"))
                .andExpect(authenticated().withUsername("alice"));
    }

    @Test
    @WithMockUser(username = "carol", roles = "ADMIN")
    void showsTheRolesOfAMockUser() throws Exception {
        mvc.perform(get("/account/roles")).andExpect(content().string("[ROLE_ADMIN]"));
    }

    @Test
    @WithUserDetails("root")
    void showsTheRolesOfAUserOfTheApplication() throws Exception {
        mvc.perform(get("/account/roles")).andExpect(status().isOk());
        mvc.perform(get("/account/roles")).andExpect(authenticated().withRoles("CUSTOMER", "ADMIN"));
    }

    @Test
    @WithAnonymousUser
    void redirectsAnonymousUsersToTheLogin() throws Exception {
        mvc.perform(get("/account").accept("text/html"))
                .andExpect(redirectedUrlPattern("/login*"))
                .andExpect(unauthenticated());
    }

    @Test
    void signsInWithTheForm() throws Exception {
        mvc.perform(formLogin().user("alice").password("wonderland"))
                .andExpect(redirectedUrl("/"))
                .andExpect(authenticated().withUsername("alice").withRoles("CUSTOMER"))
                .andExpect(request()
                        .sessionAttribute(
                                HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY,
                                org.hamcrest.Matchers.instanceOf(SecurityContext.class)));
    }

    @Test
    void refusesAWrongPassword() throws Exception {
        mvc.perform(formLogin().user("alice").password("looking glass"))
                .andExpect(redirectedUrl("/login?error"))
                .andExpect(unauthenticated());
    }

    @Test
    void staysSignedIn() throws Exception {
        MockHttpSession session = new MockHttpSession();
        mvc.perform(post("/login")
                .param("username", "alice")
                .param("password", "wonderland")
                .session(session)
                .with(csrf()));

        mvc.perform(get("/account").session(session)).andExpect(content().string("account of alice"));
    }

    @Test
    void returnsToTheRequestedPage() throws Exception {
        MockHttpSession session = new MockHttpSession();
        mvc.perform(get("/account/session").accept("text/html").session(session))
                .andExpect(redirectedUrlPattern("/login*"));
        mvc.perform(post("/login")
                        .param("username", "alice")
                        .param("password", "wonderland")
                        .session(session)
                        .with(csrf()))
                .andExpect(redirectedUrlPattern("http://localhost/account/session*"));
    }

    @Test
    void signsOut() throws Exception {
        MockHttpSession session = new MockHttpSession();
        mvc.perform(post("/login")
                .param("username", "alice")
                .param("password", "wonderland")
                .session(session)
                .with(csrf()));
        mvc.perform(post("/logout").session(session).with(csrf()))
                .andExpect(redirectedUrl("/"))
                .andExpect(unauthenticated());
        assertThat(session.isInvalid()).isTrue();
        mvc.perform(logout()).andExpect(redirectedUrl("/"));
    }

    @Test
    void setsARememberMeCookieOnRequest() throws Exception {
        mvc.perform(post("/login")
                        .param("username", "alice")
                        .param("password", "wonderland")
                        .param("remember-me", "on")
                        .with(csrf()))
                .andExpect(cookie().exists("remember-me"))
                .andExpect(cookie().httpOnly("remember-me", true));
    }
}
