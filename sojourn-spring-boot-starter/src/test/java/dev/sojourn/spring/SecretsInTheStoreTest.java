package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Transports;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.spring.Browser.Response;
import dev.sojourn.testing.LeakDetector;
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

/** Checks that no credential of a client is stored when Spring Security saves requests. */
class SecretsInTheStoreTest {
    private final LeakDetector store = new LeakDetector(new MemoryStore());

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
        String startSession(HttpServletRequest request) {
            request.getSession().setAttribute("cart", "a-value-to-be-found");
            return "begun";
        }

        /** Saves the request with a request cache of the application. */
        @PostMapping("/simple")
        String saveRequest(HttpServletRequest request, HttpServletResponse response) {
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
    void a_saved_request_contains_no_cookie_and_is_repeated_with_its_headers_and_parameters() {
        try (Application application = start(Transports.cookie())) {
            Browser browser = application.browser();
            browser.post("/begin", Map.of());
            String token = token(browser);

            assertThat(browser.get("/account?@class=x", HEADERS).location()).isEqualTo("/login");
            Response answer = browser.signIn("alice", "wonderland", "remember-me", "on");

            assertThat(answer.location()).isEqualTo("/account?@class=x&continue");
            assertThat(browser.get(answer.location()).text()).isEqualTo("alice x tests pt_BR with cookies");
            assertThat(store.findLeaks(token, token(browser), rememberMe(browser)))
                    .isEmpty();
            assertThat(store.findLeaks("SPRING_SECURITY_SAVED_REQUEST"))
                    .as("the store contains the text")
                    .contains("the secret");
        }
    }

    @Test
    void no_cookie_is_stored_for_a_remembered_user_who_has_to_sign_in_again() {
        try (Application application = start(Transports.cookie())) {
            Browser browser = application.browser();
            browser.signIn("alice", "wonderland", "remember-me", "on");
            browser.removeCookie(Browser.COOKIE);
            assertThat(browser.get("/orders").text()).startsWith("alice");

            assertThat(browser.get("/account").location()).isEqualTo("/login");

            assertThat(store.findLeaks(token(browser), rememberMe(browser))).isEmpty();
        }
    }

    @Test
    void a_request_that_an_application_saves_contains_no_cookie() {
        try (Application application = start(Transports.cookie())) {
            Browser browser = application.browser();
            browser.post("/begin", Map.of());
            browser.setCookie("other", "a-cookie-of-another-program");

            assertThat(browser.post("/simple", Map.of()).text()).isEqualTo("saved");

            assertThat(store.findLeaks(token(browser), "a-cookie-of-another-program"))
                    .isEmpty();
        }
    }

    @Test
    void the_store_contains_no_token_of_a_header() {
        try (Application application = start(Transports.header("X-Session"))) {
            Browser browser = application.browser();
            String token = browser.post("/begin", Map.of()).header("X-Session");
            assertThat(token).isNotEmpty();

            assertThat(browser.get("/account", "X-Session", token).location()).isEqualTo("/login");

            assertThat(store.findLeaks(token)).isEmpty();
        }
    }

    @Test
    void the_store_contains_no_bearer_token_and_no_password() {
        try (Application application = start(Transports.bearer())) {
            Browser browser = application.browser();
            String token = browser.post("/begin", Map.of()).header(Transports.BEARER_RESPONSE_HEADER);
            assertThat(token).isNotEmpty();

            assertThat(browser.get("/account", "Authorization", "Bearer " + token)
                            .location())
                    .isEqualTo("/login");
            browser.get("/account", "Proxy-Authorization", "Basic cHJveHk6d29uZGVybGFuZA");

            assertThat(store.findLeaks(token, "cHJveHk6d29uZGVybGFuZA")).isEmpty();
        }
    }

    private static String token(Browser browser) {
        return Objects.requireNonNull(browser.cookie(Browser.COOKIE));
    }

    private static String rememberMe(Browser browser) {
        return Objects.requireNonNull(browser.cookie("remember-me"));
    }
}
