package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.SessionListener;
import dev.sojourn.spi.SessionStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.WebSecurityCustomizer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Requests of other sites, where Spring Security protects a part of the application and Sojourn the rest. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CsrfTest {
    private static final String[] CROSS_SITE = {"Sec-Fetch-Site", "cross-site"};

    /** The paths of the reported requests, as each of the two listeners received them. */
    private final List<String> reported = new CopyOnWriteArrayList<>();

    private final List<String> reportedToSecond = new CopyOnWriteArrayList<>();
    private final Application application = Application.start(
            App.class,
            beans -> {
                beans.registerBean(SessionStore.class, MemoryStore::new);
                beans.registerBean("secondListener", SessionListener.class, () -> new SessionListener() {
                    @Override
                    public void onCrossSiteRequest(CrossSiteRequest request) {
                        reportedToSecond.add(request.path());
                    }
                });
                beans.registerBean(SessionListener.class, () -> new SessionListener() {
                    @Override
                    public void onCrossSiteRequest(CrossSiteRequest request) {
                        reported.add(request.path());
                    }
                });
            },
            "sojourn.csrf.trusted-origin=https://app.shop.example",
            "sojourn.csrf.exempt=/api/hooks",
            "sojourn.csrf.require-token=/api/transfer",
            "sojourn.csrf.check-without-cookie=/api/sign-in");

    private final Browser browser = application.browser();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        @Order(1)
        SecurityFilterChain api(HttpSecurity http) {
            return http.securityMatcher("/api/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .csrf(csrf -> csrf.disable())
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain pages(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .csrf(csrf -> csrf.ignoringRequestMatchers("/ignored"))
                    .build();
        }

        @Bean
        WebSecurityCustomizer unfiltered() {
            return security -> security.ignoring().requestMatchers("/unfiltered");
        }

        @Bean
        Pages controller() {
            return new Pages();
        }
    }

    @RestController
    static class Pages {
        @GetMapping("/api/token")
        String token(Session session) {
            session.set("name", "John");
            return session.csrfToken();
        }

        @PostMapping({"/api/act", "/api/hooks", "/api/transfer", "/api/sign-in", "/page", "/ignored", "/unfiltered"})
        String act(Session session) {
            return String.valueOf(session.get("name", String.class));
        }
    }

    private String token = "";

    @BeforeAll
    void begin() {
        token = browser.get("/api/token").text();
    }

    @AfterAll
    void close() {
        application.close();
    }

    @BeforeEach
    void forget() {
        reported.clear();
        reportedToSecond.clear();
    }

    private Browser.Response post(String path, String... headers) {
        browser.addDefaultHeaders(headers);
        try {
            return browser.post(path, Map.of());
        } finally {
            browser.addDefaultHeaders();
        }
    }

    /**
     * Waits until both listeners have received the reports of this test, and checks that these are all. Listeners are notified
     * after the response was sent, so a test that did not wait would leave its reports to the next one.
     */
    private void assertReports(String... paths) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while ((reported.size() < paths.length || reportedToSecond.size() < paths.length) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(reported).containsExactlyInAnyOrder(paths);
        assertThat(reportedToSecond).containsExactlyInAnyOrder(paths);
    }

    @Test
    void where_security_has_no_csrf_filter_requests_of_other_sites_are_refused() {
        Browser.Response refused = post("/api/act", CROSS_SITE);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).isEqualTo("This request was refused. Please reload the page and try again.\n");
        assertThat(post("/api/act").text()).isEqualTo("John");
        assertThat(post("/api/act", "Sec-Fetch-Site", "same-origin").text()).isEqualTo("John");
        assertReports("/api/act");
    }

    @Test
    void every_listener_bean_receives_the_events() {
        post("/api/act", CROSS_SITE);

        assertReports("/api/act");
    }

    @Test
    void where_security_has_its_csrf_filter_that_one_decides() {
        assertThat(post("/ignored", CROSS_SITE).text()).isEqualTo("John");
        Browser.Response refused = post("/page", CROSS_SITE);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).doesNotContain("Please reload the page");
        post("/unfiltered", CROSS_SITE);
        assertReports("/unfiltered");
    }

    @Test
    void a_path_that_security_does_not_filter_at_all_is_protected() {
        assertThat(post("/unfiltered", CROSS_SITE).status()).isEqualTo(403);
        assertThat(post("/unfiltered").text()).isEqualTo("John");
        assertReports("/unfiltered");
    }

    @Test
    void a_websocket_handshake_of_another_site_is_refused_also_where_security_has_its_csrf_filter() {
        WebSocket.Builder client = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header(CROSS_SITE[0], CROSS_SITE[1])
                .header("Cookie", Browser.COOKIE + "=" + browser.cookie(Browser.COOKIE));
        URI page = URI.create("ws://127.0.0.1:" + application.port() + "/page");

        assertThatThrownBy(() ->
                        client.buildAsync(page, new WebSocket.Listener() {}).join())
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.throwable(WebSocketHandshakeException.class))
                .extracting(refused -> refused.getResponse().statusCode())
                .isEqualTo(403);
        assertReports("/page");
    }

    @Test
    void the_properties_set_the_options_of_the_same_names() {
        assertThat(post("/api/act", "Sec-Fetch-Site", "same-site", "Origin", "https://app.shop.example")
                        .text())
                .isEqualTo("John");
        assertThat(post("/api/hooks", CROSS_SITE).text()).isEqualTo("John");
        assertThat(post("/api/transfer", "X-CSRF-Token", token).text()).isEqualTo("John");
        assertThat(post("/api/transfer").status()).isEqualTo(403);
        Browser stranger = application.browser();
        stranger.addDefaultHeaders(CROSS_SITE);
        assertThat(stranger.post("/api/act", Map.of()).status()).isEqualTo(200);
        assertThat(stranger.post("/api/sign-in", Map.of()).status()).isEqualTo(403);
        assertReports("/api/transfer", "/api/sign-in");
    }
}
