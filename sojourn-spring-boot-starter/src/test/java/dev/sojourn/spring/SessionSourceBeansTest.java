package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.sojourn.Requests;
import dev.sojourn.SealedSession;
import dev.sojourn.SealedSessions;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.Sessions;
import dev.sojourn.SourceByRequest;
import dev.sojourn.TokenViews;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.testing.TestTokens;
import jakarta.servlet.http.HttpSession;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Checks applications that define sources of sessions other than {@code Sessions} as beans. */
class SessionSourceBeansTest {
    private static final TestTokens TOKENS = new TestTokens();

    private static SealedSessions sealed() {
        return SealedSessions.create(
                c -> c.seal(Jwe.secret(Application.SECRET).application("shop")).logoutOnlyClearsTheCookie());
    }

    private static TokenViews views() {
        return TokenViews.create(c -> c.trust(TOKENS));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Shop {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                    .build();
        }

        @Bean
        Pages pages() {
            return new Pages();
        }
    }

    @RestController
    static class Pages {
        @GetMapping("/count")
        String count(SealedSession session) {
            Integer before = session.get("n", Integer.class);
            session.set("n", before == null ? 1 : before + 1);
            return "n = " + session.get("n", Integer.class);
        }

        @GetMapping({"/me", "/api/me"})
        String me(SessionView view) {
            return view.requireSubject();
        }

        @GetMapping("/login")
        String login(Session session) {
            session.login("bob");
            return "welcome";
        }

        @GetMapping("/http-session")
        String httpSession(HttpSession session) {
            return session.getId();
        }
    }

    @Test
    void a_bean_of_sealed_sessions_replaces_the_auto_configured_sessions() {
        try (Application application = Application.start(
                Shop.class,
                beans -> beans.registerBean(SealedSessions.class, SessionSourceBeansTest::sealed),
                "sojourn.secret=")) {
            Browser browser = application.browser();
            assertThat(browser.get("/count").text()).isEqualTo("n = 1");
            assertThat(browser.get("/count").text()).isEqualTo("n = 2");
            assertThat(browser.get("/me").status()).isEqualTo(401);
            assertThat(browser.get("/http-session").status()).isEqualTo(500);

            assertThat(application.context().getBeansOfType(Sessions.class)).isEmpty();
            assertThat(application.context().getBeanNamesForType(SojournSessionRegistry.class))
                    .isEmpty();
            assertThat(application.context().containsBean("sojournHealthIndicator"))
                    .isFalse();
            assertThat(application.context().getBeanFactory().containsSingleton("sojournStore"))
                    .as("no store is opened that nothing uses")
                    .isFalse();
        }
    }

    @Test
    void a_bean_of_token_views_gives_controllers_the_view_of_a_token() {
        try (Application application = Application.start(
                Shop.class, beans -> beans.registerBean(TokenViews.class, SessionSourceBeansTest::views))) {
            String token = TOKENS.issue("alice", Instant.now(), Map.of());
            Browser client = application.browser();
            assertThat(client.get("/me", "Authorization", "Bearer " + token).text())
                    .isEqualTo("alice");
            assertThat(client.get("/me").header("WWW-Authenticate")).isEqualTo("Bearer");
            Browser.Response refused = client.get("/me", "Authorization", "Bearer forged");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
        }
    }

    @Test
    void one_application_serves_cookies_to_browsers_and_tokens_to_mobile_clients() {
        Sessions sessions = Sessions.create(c -> c.secret(Application.SECRET));
        TokenViews views = views();
        try (Application application = Application.start(Shop.class, beans -> {
            beans.registerBean("webSessions", Sessions.class, () -> sessions);
            beans.registerBean("apiTokens", TokenViews.class, () -> views);
            beans.registerBean(
                    SourceByRequest.class, () -> SourceByRequest.of(sessions).when(Requests.below("/api"), views));
        })) {
            Browser browser = application.browser();
            assertThat(browser.get("/login").text()).isEqualTo("welcome");
            assertThat(browser.get("/me").text()).isEqualTo("bob");
            assertThat(browser.get("/http-session").text()).hasSize(22);
            assertThat(browser.get("/api/me").status()).isEqualTo(401);
            String token = TOKENS.issue("alice", Instant.now(), Map.of());
            assertThat(browser.get("/api/me", "Authorization", "Bearer " + token)
                            .text())
                    .isEqualTo("alice");
            assertThat(application.bean(SojournSessionRegistry.class)).isNotNull();
        }
    }

    @Test
    void several_sources_without_one_that_chooses_fail_at_start_up() {
        assertThatException()
                .isThrownBy(() -> Application.start(Shop.class, beans -> {
                    beans.registerBean("browsers", SealedSessions.class, SessionSourceBeansTest::sealed);
                    beans.registerBean("clients", TokenViews.class, SessionSourceBeansTest::views);
                }))
                .havingRootCause()
                .isInstanceOfSatisfying(UnusableConfigurationException.class, problem -> {
                    assertThat(problem).hasMessageContaining("browsers (SealedSessions), clients (TokenViews)");
                    assertThat(problem.action()).contains("SourceByRequest", "@Primary");
                });
    }
}
