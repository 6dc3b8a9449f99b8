package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Transports;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.spring.Browser.Response;
import dev.sojourn.testing.CapturedLogs;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.LeakDetector;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks that a client's credentials appear only in their header, for every use of a session by Spring Security and for every
 * transport: not in the store, not in a log line of Sojourn or Spring Security at any level, and not elsewhere in a response.
 */
class LeakTest {
    private static final String PASSWORD = "wonderland-of-alice";
    private static final String WRONG_PASSWORD = "a-password-that-is-wrong";

    /**
     * A transport of a token.
     *
     * @param responseHeader the response header with the token, empty for cookies
     * @param request the header of the next request, and the prefix of the token in it
     */
    private record Transport(String name, TokenTransport tokens, String responseHeader, List<String> request) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Transport> transports() {
        return Stream.of(
                new Transport("a cookie", Transports.cookie(), "", List.of()),
                new Transport("a header", Transports.header("X-Session"), "X-Session", List.of("X-Session", "")),
                new Transport(
                        "a bearer token",
                        Transports.bearer(),
                        Transports.BEARER_RESPONSE_HEADER,
                        List.of("Authorization", "Bearer ")));
    }

    /** An application, one client, and a transcript of all their output. */
    private static final class LeakScenario {
        private final Transport transport;
        private final FaultyStore store = new FaultyStore(new MemoryStore());
        private final LeakDetector transcript = new LeakDetector(store);
        private final List<String> secrets = new ArrayList<>(List.of(PASSWORD, WRONG_PASSWORD));
        private int tokens;

        LeakScenario(Transport transport) {
            this.transport = transport;
        }

        Application start(Class<?> site, String... properties) {
            List<String> all = new ArrayList<>(List.of(properties));
            all.addAll(List.of(
                    "logging.level.root=info",
                    "logging.level.dev.sojourn=trace",
                    "logging.level.org.springframework.security=trace"));
            return Application.start(
                    site,
                    beans -> {
                        Application.over(transcript).accept(beans);
                        beans.registerBean(
                                SessionsCustomizer.class, () -> config -> config.transport(transport.tokens()));
                    },
                    all.toArray(String[]::new));
        }

        Browser browser(Application application) {
            Browser browser = application.browser();
            return browser.onResponse(answer -> recordResponse(answer, browser));
        }

        private void recordResponse(Response answer, Browser browser) {
            transcript.add(answer.text());
            answer.response().headers().map().forEach((name, values) -> {
                if (!name.equalsIgnoreCase("Set-Cookie") && !name.equalsIgnoreCase(transport.responseHeader())) {
                    transcript.add(name + ": " + values);
                }
            });
            String token = transport.responseHeader().isEmpty()
                    ? Objects.requireNonNullElse(browser.cookie(Browser.COOKIE), "")
                    : answer.header(transport.responseHeader());
            if (!token.isEmpty()) {
                if (!secrets.contains(token)) {
                    secrets.add(token);
                    tokens++;
                }
                if (!transport.request().isEmpty()) {
                    browser.addDefaultHeaders(
                            transport.request().get(0), transport.request().get(1) + token);
                }
            }
            String remembered = browser.cookie("remember-me");
            if (remembered != null && !remembered.isEmpty() && !secrets.contains(remembered)) {
                secrets.add(remembered);
            }
        }

        /** Discards the token, as a browser does when it is closed. */
        void forgetToken(Browser browser) {
            browser.removeCookie(Browser.COOKIE);
            browser.addDefaultHeaders();
        }

        void assertNothingLeaked() {
            for (String secret : secrets) {
                assertThat(transcript.findLeaks(secret)).isEmpty();
            }
        }
    }

    private static String csrf(Browser browser) {
        return browser.get("/login").csrf();
    }

    private static void assertFound(LeakScenario scene, String text) {
        assertThat(scene.transcript.findLeaks(text)).as(text).contains("the secret");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void a_form_login_with_remember_me_and_saved_requests_reveals_no_credential(Transport transport) {
        LeakScenario scene = new LeakScenario(transport);
        try (CapturedLogs logs = CapturedLogs.into(scene.transcript);
                Application application = scene.start(SecretsInTheStoreTest.Site.class, "test.password=" + PASSWORD)) {
            assertThat(logs).isNotNull();
            Browser browser = scene.browser(application);
            browser.post("/begin", Map.of());
            assertThat(browser.get("/account?page=7").location()).isEqualTo("/login");
            browser.signIn("alice", WRONG_PASSWORD);
            Response answer = browser.signIn("alice", PASSWORD, "remember-me", "on");
            assertThat(answer.location()).isEqualTo("/account?page=7&continue");
            assertThat(browser.get(answer.location()).text()).startsWith("alice");
            assertThat(browser.post("/simple", Map.of()).status()).isEqualTo(200);

            scene.forgetToken(browser);
            assertThat(browser.get("/orders").text()).startsWith("alice");
            assertThat(browser.get("/account").location()).isEqualTo("/login");
            failures(scene, browser);
            assertThat(browser.post("/logout", Map.of("_csrf", csrf(browser))).status())
                    .isEqualTo(302);
        }

        assertThat(scene.tokens).isGreaterThanOrEqualTo(3);
        assertThat(scene.secrets).hasSizeGreaterThanOrEqualTo(6);
        scene.assertNothingLeaked();
        assertFound(scene, "a-value-to-be-found");
        assertFound(scene, "Saved request");
    }

    private static void failures(LeakScenario scene, Browser browser) {
        browser.get("/fails");
        scene.store.failAll();
        assertThat(browser.get("/orders").status()).isEqualTo(503);
        scene.store.reset();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void a_login_at_an_openid_provider_reveals_no_credential(Transport transport) throws Exception {
        LeakScenario scene = new LeakScenario(transport);
        try (OpenIdProvider provider = OpenIdProvider.start();
                CapturedLogs logs = CapturedLogs.into(scene.transcript);
                Application application =
                        scene.start(OpenIdLoginTest.Site.class, provider.properties("preferred_username"))) {
            assertThat(logs).isNotNull();
            Map<String, Object> claims = new LinkedHashMap<>();
            claims.put("sub", "7f3c-alice");
            claims.put("sid", "a-session-at-the-provider");
            claims.put("preferred_username", "alice");
            provider.setUser(claims);
            Browser browser = scene.browser(application);
            assertThat(browser.get("/who").location()).isEqualTo("/oauth2/authorization/acme");
            String authorization = browser.get("/oauth2/authorization/acme").header("Location");
            URI back = OpenIdProvider.follow(authorization);
            Response answer = browser.get(back.getRawPath() + "?" + back.getRawQuery());
            assertThat(answer.location()).isEqualTo("/who?continue");
            assertThat(browser.get(answer.location()).text()).startsWith("alice");
            scene.store.failAll();
            assertThat(browser.get("/who").status()).isEqualTo(503);
            scene.store.reset();
            scene.secrets.add("a secret of the client");
            browser.post(
                    "/logout/connect/back-channel/acme",
                    Map.of("logout_token", provider.logoutToken(Map.of("sid", "a-session-at-the-provider"))));
            assertThat(browser.get("/who").location()).isEqualTo("/oauth2/authorization/acme");
        }

        assertThat(scene.tokens).isGreaterThanOrEqualTo(2);
        scene.assertNothingLeaked();
        assertFound(scene, "a-session-at-the-provider");
    }
}
