package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestBuilders.formLogin;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestBuilders.logout;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.security.test.web.servlet.response.SecurityMockMvcResultMatchers.authenticated;
import static org.springframework.security.test.web.servlet.response.SecurityMockMvcResultMatchers.unauthenticated;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.cookie;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.SignedInUser;
import dev.sojourn.testing.TestSessions;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Checks an application with MockMvc and the session features of the Spring and Spring Security test support. */
@SpringBootTest(properties = "sojourn.secret=")
@AutoConfigureMockMvc
class MockMvcTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(FormLogin.class)
    static class Site {
        @Bean
        FaultyStore store() {
            return new FaultyStore();
        }

        @Bean
        Pages pages(Sessions sessions) {
            return new Pages(sessions);
        }
    }

    @RestController
    static class Pages {
        private final Sessions sessions;

        Pages(Sessions sessions) {
            this.sessions = sessions;
        }

        @GetMapping("/untouched")
        String untouched() {
            return "no session used";
        }

        @GetMapping("/count")
        String count(HttpSession session) {
            Integer before = (Integer) session.getAttribute("n");
            session.setAttribute("n", before == null ? 1 : before + 1);
            return session.getAttribute("n") + " " + session.getAttribute("name");
        }

        @GetMapping("/present")
        String present(HttpServletRequest request) {
            return request.getSession(false) == null ? "no session" : "a session";
        }

        @GetMapping("/forget")
        String removeName(HttpSession session) {
            session.removeAttribute("name");
            return "forgotten";
        }

        @GetMapping("/end")
        String end(HttpSession session) {
            session.invalidate();
            return "ended";
        }

        @GetMapping("/later")
        Callable<String> later(HttpSession session) {
            return () -> {
                session.setAttribute("later", "done");
                return "later";
            };
        }

        @GetMapping("/who")
        String who(Session session) {
            return String.valueOf(session.subject());
        }

        @GetMapping("/private")
        String privatePage(Principal user, Session session) {
            return user.getName() + " " + session.subject() + " "
                    + sessions.of(user.getName()).list(session).size();
        }

        @PostMapping("/write")
        String write(HttpSession session) {
            session.setAttribute("written", true);
            return "written";
        }
    }

    @Autowired
    private MockMvc mvc;

    @Autowired
    private FaultyStore store;

    @Autowired
    private Sessions sessions;

    @BeforeEach
    void reset() {
        sessions.of("alice").endAll();
        store.reset();
    }

    // ---- without a mock session

    @Test
    void a_session_starts_without_a_host_header() throws Exception {
        mvc.perform(get("/count"))
                .andExpect(status().isOk())
                .andExpect(content().string("1 null"))
                .andExpect(cookie().exists("__Host-id"))
                .andExpect(cookie().httpOnly("__Host-id", true))
                .andExpect(cookie().secure("__Host-id", true));
    }

    @Test
    void a_request_that_does_not_use_its_session_costs_nothing_and_has_no_session() throws Exception {
        mvc.perform(get("/untouched").session(new MockHttpSession()))
                .andExpect(status().isOk())
                .andExpect(cookie().doesNotExist("__Host-id"));
        mvc.perform(get("/untouched").with(user("alice"))).andExpect(cookie().doesNotExist("__Host-id"));
        MvcResult result = mvc.perform(get("/untouched")).andReturn();

        assertThat(result.getRequest().getSession(false)).isNull();
        assertThat(store.calls()).isEmpty();
    }

    @Test
    void the_cookie_of_a_response_identifies_the_session() throws Exception {
        Cookie received = mvc.perform(get("/count")).andReturn().getResponse().getCookie("__Host-id");

        mvc.perform(get("/count").cookie(Objects.requireNonNull(received)))
                .andExpect(content().string("2 null"))
                .andExpect(request().sessionAttribute("n", 2));
    }

    @Test
    void attributes_set_during_an_asynchronous_response_are_stored() throws Exception {
        MockHttpSession client = new MockHttpSession();
        MvcResult started = mvc.perform(get("/later").session(client))
                .andExpect(request().asyncStarted())
                .andReturn();
        mvc.perform(asyncDispatch(started))
                .andExpect(status().isOk())
                .andExpect(content().string("later"))
                .andExpect(request().sessionAttribute("later", "done"))
                .andExpect(cookie().exists("__Host-id"));
    }

    // ---- mock sessions

    @Test
    void session_attributes_of_the_test_are_in_the_session() throws Exception {
        mvc.perform(get("/count").sessionAttr("n", 41).sessionAttr("name", "Alice"))
                .andExpect(content().string("42 Alice"))
                .andExpect(request().sessionAttribute("n", 42))
                .andExpect(request().sessionAttribute("name", "Alice"));
    }

    @Test
    void a_mock_session_is_one_session_for_several_requests() throws Exception {
        MockHttpSession client = new MockHttpSession();
        client.setAttribute("name", "Alice");
        mvc.perform(get("/count").session(client)).andExpect(content().string("1 Alice"));
        mvc.perform(get("/count").session(client)).andExpect(content().string("2 Alice"));
        assertThat(store.calls()).containsOnlyOnce(Call.CREATE);

        client.setAttribute("n", 10);
        mvc.perform(get("/count").session(client)).andExpect(content().string("11 Alice"));
        assertThat(client.getAttribute("n")).isEqualTo(11);

        client.removeAttribute("name");
        mvc.perform(get("/count").session(client)).andExpect(content().string("12 null"));
        assertThat(store.calls()).as("still one session").containsOnlyOnce(Call.CREATE);
    }

    @Test
    void the_session_of_one_request_can_be_passed_to_the_next_one() throws Exception {
        MockHttpSession started = (MockHttpSession)
                mvc.perform(get("/count")).andReturn().getRequest().getSession(false);

        mvc.perform(get("/count").session(Objects.requireNonNull(started)))
                .andExpect(content().string("2 null"));
    }

    @Test
    void the_test_sees_removed_attributes_and_ended_sessions() throws Exception {
        MockHttpSession client = new MockHttpSession();
        mvc.perform(get("/forget").session(client).sessionAttr("name", "Alice"))
                .andExpect(request().sessionAttributeDoesNotExist("name"));
        mvc.perform(get("/end").session(client));
        assertThat(client.isInvalid()).isTrue();
        mvc.perform(get("/present").session(client)).andExpect(content().string("no session"));
    }

    @Test
    void a_cookie_with_a_mock_session_keeps_attributes_that_are_not_in_the_mock_session() throws Exception {
        Cookie received = mvc.perform(get("/count")).andReturn().getResponse().getCookie("__Host-id");

        mvc.perform(get("/count").cookie(Objects.requireNonNull(received)).sessionAttr("name", "Alice"))
                .andExpect(content().string("2 Alice"));
    }

    // ---- users

    @Test
    void a_user_of_the_test_support_is_the_subject() throws Exception {
        mvc.perform(get("/who").with(user("alice"))).andExpect(content().string("alice"));
        sessions.of("alice").endAll();
        mvc.perform(get("/private").with(user("alice"))).andExpect(content().string("alice alice 0"));
        mvc.perform(get("/who")).andExpect(content().string("null"));
    }

    @Test
    void a_user_who_is_signed_in_without_a_login_page_is_the_subject() throws Exception {
        SignedInUser alice = TestSessions.of(sessions).signIn("alice");

        mvc.perform(get("/who").cookie(new Cookie(alice.cookieName(), alice.cookieValue())))
                .andExpect(content().string("alice"));
    }

    @Test
    @WithMockUser("alice")
    void a_user_of_an_annotation_is_the_subject() throws Exception {
        mvc.perform(get("/who")).andExpect(content().string("alice"));
    }

    @Test
    void a_user_whose_authentication_has_no_json_is_the_subject() throws Exception {
        TestingAuthenticationToken odd = new TestingAuthenticationToken("alice", Thread.currentThread(), "ROLE_USER");

        mvc.perform(get("/private").with(SecurityMockMvcRequestPostProcessors.authentication(odd)))
                .andExpect(content().string("alice alice 0"));
    }

    @Test
    void a_login_changes_the_id_of_the_session_and_a_logout_ends_it() throws Exception {
        MockHttpSession client = new MockHttpSession();
        mvc.perform(get("/count").session(client));
        String before = client.getId();
        mvc.perform(post("/login")
                        .session(client)
                        .with(csrf())
                        .param("username", "alice")
                        .param("password", "wonderland"))
                .andExpect(redirectedUrl("/"))
                .andExpect(authenticated().withUsername("alice"));
        assertThat(client.getId()).isNotEqualTo(before);
        assertThat(sessions.of("alice").list()).hasSize(1);

        mvc.perform(get("/private").session(client)).andExpect(content().string("alice alice 1"));
        mvc.perform(get("/count").session(client)).andExpect(content().string("2 null"));

        mvc.perform(post("/logout").session(client).with(csrf())).andExpect(unauthenticated());
        assertThat(client.isInvalid()).isTrue();
        assertThat(sessions.of("alice").list()).isEmpty();
    }

    @Test
    void form_login_and_logout_of_the_test_support_work() throws Exception {
        MvcResult in = mvc.perform(formLogin().user("alice").password("wonderland"))
                .andExpect(authenticated().withUsername("alice"))
                .andExpect(cookie().exists("__Host-id"))
                .andReturn();
        mvc.perform(get("/private")
                        .cookie(Objects.requireNonNull(in.getResponse().getCookie("__Host-id"))))
                .andExpect(content().string("alice alice 1"));
        mvc.perform(formLogin().user("alice").password("looking glass")).andExpect(unauthenticated());
        mvc.perform(logout()).andExpect(redirectedUrl("/login?logout"));
        mvc.perform(get("/private").accept("text/html")).andExpect(redirectedUrlPattern("/login*"));
        mvc.perform(post("/write")).andExpect(status().isForbidden());
        mvc.perform(post("/write").with(csrf())).andExpect(content().string("written"));
    }

    @Test
    void a_session_that_was_ended_is_not_restored_by_the_mock_session() throws Exception {
        MockHttpSession client = new MockHttpSession();
        mvc.perform(post("/login")
                .session(client)
                .with(csrf())
                .param("username", "alice")
                .param("password", "wonderland"));
        mvc.perform(get("/private").session(client)).andExpect(content().string("alice alice 1"));

        sessions.of("alice").endAll();

        mvc.perform(get("/private").session(client).accept("text/html")).andExpect(redirectedUrlPattern("/login*"));
        assertThat(sessions.of("alice").list()).isEmpty();
    }
}
