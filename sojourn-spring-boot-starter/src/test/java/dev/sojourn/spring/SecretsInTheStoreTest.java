package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Transports;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.spring.Browser.Answer;
import dev.sojourn.testing.Transcript;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.SimpleSavedRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a client holds never stands in the store, whatever Spring Security keeps of its requests. */
class SecretsInTheStoreTest {
    private final Transcript store = new Transcript(new MemoryStore());

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Site {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers("/begin", "/simple", "/error")
                            .permitAll()
                            .requestMatchers("/account")
                            .fullyAuthenticated()
                            .anyRequest()
                            .authenticated())
                    .csrf(csrf -> csrf.ignoringRequestMatchers("/begin", "/simple", "/orders"))
                    .formLogin(Customizer.withDefaults())
                    .requestCache(cache -> cache.requestCache(new HttpSessionRequestCache()))
                    .rememberMe(remember -> remember.key("a key of the test"))
                    .build();
        }

        @Bean
        UserDetailsService users(Environment environment) {
            return new InMemoryUserDetailsManager(User.withUsername("alice")
                    .password("{noop}" + environment.getProperty("test.password", "wonderland"))
                    .roles("USER")
                    .build());
        }

        @Bean
        Pages pages() {
            return new Pages();
        }
    }

    @RestController
    static class Pages {
        @PostMapping("/begin")
        String begin(HttpServletRequest request) {
            request.getSession().setAttribute("cart", "a-value-to-be-found");
            return "begun";
        }

        /** A request cache of an application's own. */
        @PostMapping("/simple")
        String simple(HttpServletRequest request, HttpServletResponse response) {
            HttpSessionRequestCache cache = new HttpSessionRequestCache();
            cache.saveRequest(request, response);
            request.getSession()
                    .setAttribute(
                            "mine",
                            new SimpleSavedRequest(Objects.requireNonNull(cache.getRequest(request, response))));
            return "saved";
        }

        @GetMapping("/fails")
        String fails() {
            throw new IllegalStateException("a failure of the handler");
        }

        @GetMapping({"/account", "/orders"})
        String account(HttpServletRequest request, Principal user) {
            return user.getName() + " " + request.getParameter("@class") + " " + request.getHeader("X-Requested-With")
                    + " " + Collections.list(request.getLocales()).get(0)
                    + (request.getCookies() == null ? "" : " with cookies");
        }
    }

    private Application start(TokenTransport transport) {
        return Application.start(Site.class, beans -> {
            Application.over(store).accept(beans);
            beans.registerBean(SessionsCustomizer.class, () -> config -> config.transport(transport));
        });
    }

    private static final String[] HEADERS = {"X-Requested-With", "tests", "Accept-Language", "pt-BR"};

    @Test
    void a_saved_request_holds_no_cookie_and_replays_with_its_headers_and_parameters() {
        try (Application application = start(Transports.cookie())) {
            Browser visitor = application.browser();
            visitor.post("/begin", Map.of());
            String token = token(visitor);

            assertThat(visitor.get("/account?@class=x", HEADERS).location()).isEqualTo("/login");
            Answer answer = visitor.signIn("alice", "wonderland", "remember-me", "on");

            assertThat(answer.location()).isEqualTo("/account?@class=x&continue");
            assertThat(visitor.get(answer.location()).text()).isEqualTo("alice x tests pt_BR with cookies");
            assertThat(store.spellingsOf(token, token(visitor), rememberMe(visitor)))
                    .isEmpty();
            assertThat(store.spellingsOf("SPRING_SECURITY_SAVED_REQUEST"))
                    .as("what is there is found")
                    .contains("the secret");
        }
    }

    @Test
    void a_remembered_user_who_has_to_sign_in_again_leaves_no_cookie_in_the_store() {
        try (Application application = start(Transports.cookie())) {
            Browser visitor = application.browser();
            visitor.signIn("alice", "wonderland", "remember-me", "on");
            visitor.forget(Browser.COOKIE);
            assertThat(visitor.get("/orders").text()).startsWith("alice");

            assertThat(visitor.get("/account").location()).isEqualTo("/login");

            assertThat(store.spellingsOf(token(visitor), rememberMe(visitor))).isEmpty();
        }
    }

    @Test
    void a_request_that_an_application_saves_holds_no_cookie() {
        try (Application application = start(Transports.cookie())) {
            Browser visitor = application.browser();
            visitor.post("/begin", Map.of());
            visitor.remember("other", "a-cookie-of-another-program");

            assertThat(visitor.post("/simple", Map.of()).text()).isEqualTo("saved");

            assertThat(store.spellingsOf(token(visitor), "a-cookie-of-another-program"))
                    .isEmpty();
        }
    }

    @Test
    void no_token_of_a_header_stands_in_the_store() {
        try (Application application = start(Transports.header("X-Session"))) {
            Browser visitor = application.browser();
            String token = visitor.post("/begin", Map.of()).header("X-Session");
            assertThat(token).isNotEmpty();

            assertThat(visitor.get("/account", "X-Session", token).location()).isEqualTo("/login");

            assertThat(store.spellingsOf(token)).isEmpty();
        }
    }

    @Test
    void no_bearer_token_and_no_password_stands_in_the_store() {
        try (Application application = start(Transports.bearer())) {
            Browser visitor = application.browser();
            String token = visitor.post("/begin", Map.of()).header(Transports.BEARER_RESPONSE_HEADER);
            assertThat(token).isNotEmpty();

            assertThat(visitor.get("/account", "Authorization", "Bearer " + token)
                            .location())
                    .isEqualTo("/login");
            visitor.get("/account", "Proxy-Authorization", "Basic cHJveHk6d29uZGVybGFuZA");

            assertThat(store.spellingsOf(token, "cHJveHk6d29uZGVybGFuZA")).isEmpty();
        }
    }

    private static String token(Browser visitor) {
        return Objects.requireNonNull(visitor.cookie(Browser.COOKIE));
    }

    private static String rememberMe(Browser visitor) {
        return Objects.requireNonNull(visitor.cookie("remember-me"));
    }
}
