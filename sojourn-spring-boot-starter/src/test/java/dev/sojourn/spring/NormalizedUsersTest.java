package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import java.security.Principal;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Checks a directory that accepts names in any case: the normalization rule makes them one subject. */
class NormalizedUsersTest {
    private static Application application;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Site {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .sessionManagement(session -> session.maximumSessions(1))
                    .build();
        }

        /** Returns the name as it was entered in the form. */
        @Bean
        UserDetailsService users() {
            return name -> User.withUsername(name)
                    .password("{noop}wonderland")
                    .roles("USER")
                    .build();
        }

        @Bean
        SessionsCustomizer normalization() {
            return config -> config.normalizeSubjects(name -> name.toLowerCase(Locale.ROOT));
        }

        @Bean
        UserPage who() {
            return new UserPage();
        }
    }

    @RestController
    static class UserPage {
        @GetMapping("/who")
        String who(Principal user) {
            return user.getName();
        }
    }

    @BeforeAll
    static void start() {
        application = Application.start(Site.class, Application.over(new MemoryStore()));
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void endAllSessions() {
        application.bean(Sessions.class).of("alice").endAll();
    }

    private static Browser signIn(String name) {
        Browser browser = application.browser();
        assertThat(browser.signIn(name, "wonderland").location()).isEqualTo("/");
        assertThat(browser.get("/who").text()).isEqualTo(name);
        return browser;
    }

    @Test
    void a_login_in_capitals_is_found_and_ended_by_the_normalized_name() {
        Browser browser = signIn("ALICE");
        Sessions sessions = application.bean(Sessions.class);

        assertThat(sessions.of("alice").list()).hasSize(1);
        assertThat(sessions.of("Alice").list()).hasSize(1);
        sessions.of("alice").endAll();
        assertThat(browser.get("/who").location()).isEqualTo("/login");
    }

    @Test
    void the_session_limit_counts_names_that_differ_only_in_case_as_one_user() {
        Browser old = signIn("ALICE");
        Browser young = signIn("alice");

        assertThat(old.get("/who").location()).isEqualTo("/login");
        assertThat(young.get("/who").text()).isEqualTo("alice");
        assertThat(application.bean(Sessions.class).of("alice").list()).hasSize(1);
    }

    @Test
    void the_registry_of_spring_lists_and_ends_the_sessions_of_a_name_in_any_case() {
        Browser browser = signIn("Alice");
        SessionRegistry registry = application.bean(SessionRegistry.class);

        assertThat(registry.getAllSessions("ALICE", false)).hasSize(1);
        registry.getAllSessions("alice", false).get(0).expireNow();

        assertThat(browser.get("/who").location()).isEqualTo("/login");
        assertThat(registry.getAllSessions("ALICE", false)).isEmpty();
    }
}
