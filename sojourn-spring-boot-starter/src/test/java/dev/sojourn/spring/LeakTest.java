package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Transports;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.spring.Browser.Answer;
import dev.sojourn.testing.CapturedLogs;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.Transcript;
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
 * What a client holds is seen nowhere but in its own place, over everything that Spring Security does with a session and
 * however its token travels: not in the store, not in a line of the log at any level of Sojourn and Spring Security, not
 * elsewhere in an answer.
 */
class LeakTest {
    private static final String PASSWORD = "wonderland-of-alice";
    private static final String WRONG_PASSWORD = "a-password-that-is-wrong";

    /**
     * A way of a token.
     *
     * @param answer the header of an answer that brings it, not asked for cookies
     * @param request the header of the next request and what stands before the token
     */
    private record Way(String name, TokenTransport transport, String answer, List<String> request) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Way> ways() {
        return Stream.of(
                new Way("a cookie", Transports.cookie(), "", List.of()),
                new Way("a header", Transports.header("X-Session"), "X-Session", List.of("X-Session", "")),
                new Way(
                        "a bearer token",
                        Transports.bearer(),
                        Transports.BEARER_RESPONSE_HEADER,
                        List.of("Authorization", "Bearer ")));
    }

    /** An application, one client of it, and all that is seen of the two. */
    private static final class Scene {
        private final Way way;
        private final FaultyStore store = new FaultyStore(new MemoryStore());
        private final Transcript transcript = new Transcript(store);
        private final List<String> secrets = new ArrayList<>(List.of(PASSWORD, WRONG_PASSWORD));
        private int tokens;

        Scene(Way way) {
            this.way = way;
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
                        beans.registerBean(SessionsCustomizer.class, () -> config -> config.transport(way.transport()));
                    },
                    all.toArray(String[]::new));
        }

        Browser visitor(Application application) {
            Browser visitor = application.browser();
            return visitor.onResponse(answer -> see(answer, visitor));
        }

        private void see(Answer answer, Browser visitor) {
            transcript.note(answer.text());
            answer.response().headers().map().forEach((name, values) -> {
                if (!name.equalsIgnoreCase("Set-Cookie") && !name.equalsIgnoreCase(way.answer())) {
                    transcript.note(name + ": " + values);
                }
            });
            String token = way.answer().isEmpty()
                    ? Objects.requireNonNullElse(visitor.cookie(Browser.COOKIE), "")
                    : answer.header(way.answer());
            if (!token.isEmpty()) {
                if (!secrets.contains(token)) {
                    secrets.add(token);
                    tokens++;
                }
                if (!way.request().isEmpty()) {
                    visitor.always(way.request().get(0), way.request().get(1) + token);
                }
            }
            String remembered = visitor.cookie("remember-me");
            if (remembered != null && !remembered.isEmpty() && !secrets.contains(remembered)) {
                secrets.add(remembered);
            }
        }

        /** Sends no token any more, as after a browser was closed. */
        void forgetToken(Browser visitor) {
            visitor.forget(Browser.COOKIE);
            visitor.always();
        }

        void assertNothingLeaked() {
            for (String secret : secrets) {
                assertThat(transcript.spellingsOf(secret)).isEmpty();
            }
        }
    }

    private static String csrf(Browser visitor) {
        return visitor.get("/login").csrf();
    }

    private static void assertFound(Scene scene, String text) {
        assertThat(scene.transcript.spellingsOf(text)).as(text).contains("the secret");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_form_login_with_remember_me_and_saved_requests_shows_nothing_that_opens_anything(Way way) {
        Scene scene = new Scene(way);
        try (CapturedLogs logs = CapturedLogs.into(scene.transcript);
                Application application = scene.start(SecretsInTheStoreTest.Site.class, "test.password=" + PASSWORD)) {
            assertThat(logs).isNotNull();
            Browser visitor = scene.visitor(application);
            visitor.post("/begin", Map.of());
            assertThat(visitor.get("/account?page=7").location()).isEqualTo("/login");
            visitor.signIn("alice", WRONG_PASSWORD);
            Answer answer = visitor.signIn("alice", PASSWORD, "remember-me", "on");
            assertThat(answer.location()).isEqualTo("/account?page=7&continue");
            assertThat(visitor.get(answer.location()).text()).startsWith("alice");
            assertThat(visitor.post("/simple", Map.of()).status()).isEqualTo(200);

            scene.forgetToken(visitor);
            assertThat(visitor.get("/orders").text()).startsWith("alice");
            assertThat(visitor.get("/account").location()).isEqualTo("/login");
            failures(scene, visitor);
            assertThat(visitor.post("/logout", Map.of("_csrf", csrf(visitor))).status())
                    .isEqualTo(302);
        }

        assertThat(scene.tokens).isGreaterThanOrEqualTo(3);
        assertThat(scene.secrets).hasSizeGreaterThanOrEqualTo(6);
        scene.assertNothingLeaked();
        assertFound(scene, "a-value-to-be-found");
        assertFound(scene, "Saved request");
    }

    private static void failures(Scene scene, Browser visitor) {
        visitor.get("/fails");
        scene.store.goAway();
        assertThat(visitor.get("/orders").status()).isEqualTo(503);
        scene.store.reset();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_login_at_an_openid_provider_shows_nothing_that_opens_anything(Way way) throws Exception {
        Scene scene = new Scene(way);
        try (OpenIdProvider provider = OpenIdProvider.start();
                CapturedLogs logs = CapturedLogs.into(scene.transcript);
                Application application =
                        scene.start(OpenIdLoginTest.Site.class, provider.properties("preferred_username"))) {
            assertThat(logs).isNotNull();
            Map<String, Object> claims = new LinkedHashMap<>();
            claims.put("sub", "7f3c-alice");
            claims.put("sid", "a-session-at-the-provider");
            claims.put("preferred_username", "alice");
            provider.signsIn(claims);
            Browser visitor = scene.visitor(application);
            assertThat(visitor.get("/who").location()).isEqualTo("/oauth2/authorization/acme");
            String asked = visitor.get("/oauth2/authorization/acme").header("Location");
            URI back = OpenIdProvider.follow(asked);
            Answer answer = visitor.get(back.getRawPath() + "?" + back.getRawQuery());
            assertThat(answer.location()).isEqualTo("/who?continue");
            assertThat(visitor.get(answer.location()).text()).startsWith("alice");
            scene.store.goAway();
            assertThat(visitor.get("/who").status()).isEqualTo(503);
            scene.store.reset();
            scene.secrets.add("a secret of the client");
            visitor.post(
                    "/logout/connect/back-channel/acme",
                    Map.of("logout_token", provider.logoutToken(Map.of("sid", "a-session-at-the-provider"))));
            assertThat(visitor.get("/who").location()).isEqualTo("/oauth2/authorization/acme");
        }

        assertThat(scene.tokens).isGreaterThanOrEqualTo(2);
        scene.assertNothingLeaked();
        assertFound(scene, "a-session-at-the-provider");
    }
}
