package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import java.security.Principal;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Checks the limit of one session per user on two nodes over one store. */
class ConcurrentSessionsTest {
    private static final MemoryStore STORE = new MemoryStore();
    private static Application first;
    private static Application second;

    @BeforeAll
    static void start() {
        first = startNode("false");
        second = startNode("false");
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
    }

    @BeforeEach
    void endAllSessions() {
        first.bean(Sessions.class).of("alice").endAll();
    }

    private static Application startNode(String prevents) {
        return Application.start(OneSessionPerUserApp.class, Application.over(STORE), "test.prevents=" + prevents);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class OneSessionPerUserApp {
        @Bean
        SecurityFilterChain chain(HttpSecurity http, Environment environment) {
            boolean prevents = environment.getRequiredProperty("test.prevents", Boolean.class);
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .sessionManagement(session -> session.maximumSessions(1).maxSessionsPreventsLogin(prevents))
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(User.withUsername("alice")
                    .password("{noop}wonderland")
                    .roles("USER")
                    .build());
        }

        @Bean
        UserPages who(SessionRegistry registry) {
            return new UserPages(registry);
        }
    }

    @RestController
    static class UserPages {
        private final SessionRegistry registry;

        UserPages(SessionRegistry registry) {
            this.registry = registry;
        }

        @GetMapping("/who")
        String who(Principal user) {
            return user.getName();
        }

        /** Returns a page that looks up its session in the registry. */
        @GetMapping("/mine")
        String ownSession(Principal user, jakarta.servlet.http.HttpSession session) {
            SessionInformation found = registry.getSessionInformation(session.getId());
            if (found == null) {
                throw new AuthenticationCredentialsNotFoundException("no session");
            }
            return found.isExpired() + " "
                    + registry.getAllSessions(user.getName(), false).size();
        }
    }

    @Test
    void a_login_on_one_node_ends_the_session_of_the_other_node() {
        Browser old = first.browser();
        old.signIn("alice", "wonderland");
        assertThat(old.get("/who").text()).isEqualTo("alice");

        Browser young = second.browser();
        assertThat(young.signIn("alice", "wonderland").location()).isEqualTo("/");

        assertThat(young.get("/who").text()).isEqualTo("alice");
        assertThat(old.get("/who").location()).isEqualTo("/login");
        assertThat(first.bean(Sessions.class).of("alice").list()).hasSize(1);
    }

    @Test
    void one_session_remains_after_twenty_concurrent_logins_on_two_nodes() throws Exception {
        for (String prevents : List.of("false", "true")) {
            try (Application one = startNode(prevents);
                    Application other = startNode(prevents)) {
                List<Browser> visitors = IntStream.range(0, 20)
                        .mapToObj(i -> i % 2 == 0 ? one.browser() : other.browser())
                        .toList();

                runConcurrently(visitors.stream()
                        .<Callable<Object>>map(each -> () -> each.signIn("alice", "wonderland"))
                        .toList());

                assertThat(first.bean(Sessions.class).of("alice").list()).hasSize(1);
                assertThat(visitors.stream().filter(each -> each.get("/who").status() == 200))
                        .hasSize(1);
                first.bean(Sessions.class).of("alice").endAll();
            }
        }
    }

    private static void runConcurrently(List<Callable<Object>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            for (Future<Object> each : threads.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_second_login_is_rejected_if_configured() {
        try (Application strict = startNode("true")) {
            Browser old = first.browser();
            old.signIn("alice", "wonderland");

            Browser young = strict.browser();

            assertThat(young.signIn("alice", "wonderland").location()).isEqualTo("/login?error");
            assertThat(young.get("/who").location()).isEqualTo("/login");
            assertThat(old.get("/who").text()).isEqualTo("alice");
        }
    }

    @Test
    void a_second_login_in_the_same_browser_does_not_count_as_a_second_session() {
        try (Application strict = startNode("true")) {
            Browser browser = strict.browser();
            browser.signIn("alice", "wonderland");

            assertThat(browser.signIn("alice", "wonderland").location()).isEqualTo("/");
            assertThat(browser.get("/who").text()).isEqualTo("alice");
            assertThat(strict.bean(Sessions.class).of("alice").list()).hasSize(1);
        }
    }

    @Test
    void the_registry_lists_a_users_sessions_and_ends_one() {
        Browser browser = first.browser();
        browser.signIn("alice", "wonderland");
        SessionRegistry registry = second.bean(SessionRegistry.class);

        SessionInformation found = registry.getAllSessions("alice", true).get(0);
        found.expireNow();

        assertThat(found.isExpired()).isTrue();
        assertThat(registry.getAllSessions("alice", true)).isEmpty();
        assertThat(browser.get("/who").location()).isEqualTo("/login");
    }

    @Test
    void a_request_finds_its_session_in_the_registry() {
        Browser browser = first.browser();
        browser.signIn("alice", "wonderland");

        assertThat(browser.get("/mine").text()).isEqualTo("false 1");
    }

    @Test
    void a_list_of_all_users_is_not_supported() {
        assertThatThrownBy(() -> first.bean(SessionRegistry.class).getAllPrincipals())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("no list of its users");
    }
}
