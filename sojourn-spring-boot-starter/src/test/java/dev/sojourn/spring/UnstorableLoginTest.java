package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.spring.Browser.Response;
import java.security.Principal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.ott.OneTimeTokenAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.Transient;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Checks that a login whose authentication cannot be stored fails with one clear error and signs no user in. */
@ExtendWith(OutputCaptureExtension.class)
class UnstorableLoginTest {
    private static final List<GrantedAuthority> ROLES = AuthorityUtils.createAuthorityList("ROLE_USER");
    private static final String BEARER = "a-bearer-token-of-alice";
    private static final String USER = "alice-liddell";

    /** An authentication of the application, similar to Spring Security's for a JWT. */
    static final class TokenAuthentication extends AbstractAuthenticationToken {
        private static final long serialVersionUID = 1L;

        private final String user;

        TokenAuthentication(String user) {
            super(ROLES);
            this.user = user;
            setAuthenticated(true);
        }

        @Override
        public Object getCredentials() {
            return BEARER;
        }

        @Override
        public Object getPrincipal() {
            return user;
        }
    }

    /** A principal whose type is not listed. */
    record Member(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    /** The authentication that a login creates, and the class and remedy that the log line contains. */
    private record Login(Authentication result, Class<?> unknown, String remedy) {
        @Override
        public String toString() {
            return unknown.getSimpleName();
        }
    }

    @SuppressWarnings("removal") // the only constructor with a user
    static Stream<Login> logins() {
        OneTimeTokenAuthenticationToken springs = new OneTimeTokenAuthenticationToken(USER, BEARER);
        springs.setAuthenticated(true);
        return Stream.of(
                new Login(new TokenAuthentication(USER), TokenAuthentication.class, "sojourn.attributes.types"),
                new Login(
                        UsernamePasswordAuthenticationToken.authenticated(new Member(USER), null, ROLES),
                        Member.class,
                        "sojourn.attributes.types"),
                new Login(springs, OneTimeTokenAuthenticationToken.class, "SessionCreationPolicy.STATELESS"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Site {
        @Bean
        SecurityFilterChain chain(HttpSecurity http, Login login) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .authenticationProvider(new AuthenticationProvider() {
                        @Override
                        public Authentication authenticate(Authentication authentication) {
                            return login.result();
                        }

                        @Override
                        public boolean supports(Class<?> type) {
                            return true;
                        }
                    })
                    .build();
        }

        @Bean
        Home home() {
            return new Home();
        }
    }

    @RestController
    static class Home {
        @GetMapping("/")
        String home() {
            return "home";
        }
    }

    @ParameterizedTest
    @MethodSource("logins")
    void a_login_that_cannot_be_stored_causes_one_error_response_and_one_log_line_with_class_reason_and_remedy(
            Login login, CapturedOutput output) {
        try (Application application = Application.start(Site.class, beans -> {
            Application.over(new MemoryStore()).accept(beans);
            beans.registerBean(Login.class, () -> login);
        })) {
            Browser browser = application.browser();
            assertThat(browser.get("/").location()).isEqualTo("/login");

            Response answer = browser.signIn(USER, "wonderland");

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.header("Location")).isEmpty();
            assertThat(answer.text())
                    .isEqualTo("Internal Server Error: a value cannot be stored in the session."
                            + " The server's log contains the remedy.\n");
            assertThat(browser.get("/").location()).isEqualTo("/login");
            assertThat(browser.get("/login").status()).isEqualTo(200);
            assertThat(application.bean(Sessions.class).of(USER).list()).isEmpty();
        }
        assertThat(output.getOut().lines().filter(line -> line.contains("responded with 500")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("'SPRING_SECURITY_CONTEXT'", login.unknown().getName(), login.remedy())
                        .doesNotContain(USER, BEARER));
    }

    @ParameterizedTest
    @MethodSource("logins")
    void the_response_shows_the_message_if_error_pages_show_messages(Login login) {
        try (Application application = Application.start(
                Site.class,
                beans -> {
                    Application.over(new MemoryStore()).accept(beans);
                    beans.registerBean(Login.class, () -> login);
                },
                "spring.web.error.include-message=always")) {
            Response answer = application.browser().signIn(USER, "wonderland");

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text())
                    .contains("a value cannot be stored in the session")
                    .contains(login.unknown().getName(), login.remedy())
                    .doesNotContain(USER, BEARER, "The server's log");
        }
    }

    /** Spring Security marks its JWT and bearer-token authentications in the same way. */
    @Transient
    static final class TransientAuthentication extends AbstractAuthenticationToken {
        private static final long serialVersionUID = 1L;

        TransientAuthentication() {
            super(ROLES);
            setAuthenticated(true);
        }

        @Override
        public Object getCredentials() {
            return BEARER;
        }

        @Override
        public Object getPrincipal() {
            return USER;
        }
    }

    @Test
    void spring_security_does_not_store_a_transient_authentication() {
        try (Application application = Application.start(Site.class, beans -> {
            Application.over(new MemoryStore()).accept(beans);
            beans.registerBean(
                    Login.class, () -> new Login(new TransientAuthentication(), TransientAuthentication.class, ""));
        })) {
            Browser browser = application.browser();

            Response answer = browser.signIn(USER, "wonderland");

            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.location()).isEqualTo("/");
            assertThat(browser.get("/").location()).isEqualTo("/login");
            assertThat(browser.get("/login").status()).isEqualTo(200);
            assertThat(application.bean(Sessions.class).of(USER).list()).isEmpty();
        }
    }
}
