package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsByNameServiceWrapper;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationProvider;
import org.springframework.security.web.authentication.preauth.RequestHeaderAuthenticationFilter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Checks that a user whom a filter signs in is the session's subject before the handler runs. */
class SubjectBeforeHandlerTest {
    private static final FaultyStore STORE = new FaultyStore();
    private static Application application;

    @BeforeAll
    static void start() {
        application = Application.start(Site.class, Application.over(STORE));
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void endAllSessions() {
        application.bean(Sessions.class).of("alice").endAll();
        STORE.reset();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Site {
        @Bean
        SecurityFilterChain chain(HttpSecurity http, UserDetailsService users) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .httpBasic(basic -> basic.securityContextRepository(new HttpSessionSecurityContextRepository()))
                    .rememberMe(remember -> remember.key("a key of this test"))
                    .addFilterBefore(proxyHeaderFilter(users), BasicAuthenticationFilter.class)
                    .addFilterBefore(tokenFilter(), UsernamePasswordAuthenticationFilter.class)
                    .build();
        }

        /** Creates a filter that signs in the user whom a header of a proxy names. */
        private static RequestHeaderAuthenticationFilter proxyHeaderFilter(UserDetailsService users) {
            PreAuthenticatedAuthenticationProvider known = new PreAuthenticatedAuthenticationProvider();
            known.setPreAuthenticatedUserDetailsService(new UserDetailsByNameServiceWrapper<>(users));
            RequestHeaderAuthenticationFilter filter = new RequestHeaderAuthenticationFilter();
            filter.setAuthenticationManager(new ProviderManager(known));
            filter.setExceptionIfHeaderMissing(false);
            return filter;
        }

        /** Creates a filter that accepts a token of the application, which starts a session. */
        private static AuthenticationFilter tokenFilter() {
            AuthenticationManager acceptAll = authentication -> authentication;
            AuthenticationConverter token = Site::readToken;
            AuthenticationFilter filter = new AuthenticationFilter(acceptAll, token);
            filter.setSecurityContextRepository(new HttpSessionSecurityContextRepository());
            filter.setSuccessHandler((request, response, authentication) -> {});
            return filter;
        }

        private static @Nullable Authentication readToken(HttpServletRequest request) {
            return "Bearer opensesame".equals(request.getHeader("Authorization"))
                    ? UsernamePasswordAuthenticationToken.authenticated(
                            "alice", null, AuthorityUtils.createAuthorityList("ROLE_USER"))
                    : null;
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(User.withUsername("alice")
                    .password("{noop}wonderland")
                    .roles("USER")
                    .build());
        }

        @Bean
        Devices devices(Sessions sessions) {
            return new Devices(sessions);
        }
    }

    @RestController
    static class Devices {
        private final Sessions sessions;

        Devices(Sessions sessions) {
            this.sessions = sessions;
        }

        @GetMapping("/devices")
        @SuppressWarnings("NullAway") // an application that expects a user here
        String devices(Session session) {
            return session.subject() + " on "
                    + sessions.of(session.subject()).list(session).size();
        }

        @GetMapping("/drop-in")
        String dropIn(HttpSession session) {
            return String.valueOf(dev.sojourn.servlet.Sojourn.session(session).subject());
        }

        @GetMapping("/plain")
        String plain() {
            return "no session used";
        }
    }

    private static String basicCredentials() {
        return "Basic " + Base64.getEncoder().encodeToString("alice:wonderland".getBytes(StandardCharsets.UTF_8));
    }

    private static Browser rememberedBrowser() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland", "remember-me", "on");
        application.bean(Sessions.class).of("alice").endAll();
        browser.removeCookie(Browser.COOKIE);
        return browser;
    }

    @Test
    void a_remembered_user_is_the_subject_in_the_first_handler() {
        Browser browser = rememberedBrowser();

        assertThat(browser.get("/devices").text()).isEqualTo("alice on 0");
        assertThat(browser.get("/devices").text()).as("the session is stored").isEqualTo("alice on 1");
        assertThat(rememberedBrowser().get("/drop-in").text()).isEqualTo("alice");
    }

    @Test
    void a_user_named_by_a_proxy_is_the_subject_in_the_first_handler() {
        assertThat(application.browser().get("/devices", "SM_USER", "alice").text())
                .isEqualTo("alice on 0");
    }

    @Test
    void a_user_with_basic_authentication_is_the_subject_in_the_first_handler() {
        assertThat(application
                        .browser()
                        .get("/devices", "Authorization", basicCredentials())
                        .text())
                .isEqualTo("alice on 0");
    }

    @Test
    void a_user_with_a_token_of_the_application_is_the_subject_in_the_first_handler() {
        assertThat(application
                        .browser()
                        .get("/devices", "Authorization", "Bearer opensesame")
                        .text())
                .isEqualTo("alice on 0");
    }

    @Test
    void a_signed_in_user_costs_no_additional_store_calls() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");
        STORE.reset();

        browser.get("/plain");
        assertThat(STORE.calls()).containsExactly(Call.LOAD);
        STORE.reset();
        browser.get("/drop-in");
        assertThat(STORE.calls()).containsExactly(Call.LOAD);
    }

    @Test
    void the_session_of_a_remembered_user_is_created_once() {
        Browser browser = rememberedBrowser();
        STORE.reset();

        browser.get("/drop-in");

        assertThat(STORE.calls()).containsOnlyOnce(Call.CREATE).doesNotContain(Call.COMPARE_AND_SET);
    }
}
