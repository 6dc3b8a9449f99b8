package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.redis.RedisStore;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spring.Browser.Response;
import dev.sojourn.testing.LeakDetector;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.oidc.session.InMemoryOidcSessionRegistry;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserService;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Checks login at an OpenID provider and logout by the provider, over real HTTP, with two nodes and real stores. */
class OpenIdLoginTest {
    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static final List<Nodes> STORES = new ArrayList<>();
    private static OpenIdProvider provider;

    /** Two nodes over one store. */
    record Nodes(String name, LeakDetector store, Application first, Application second) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        provider = closeLater(OpenIdProvider.start());
        RedisServer redis = closeLater(RedisServer.start7());
        PostgresServer postgres = closeLater(PostgresServer.start18());
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(postgres.jdbcUrl());
        pool.setUsername(postgres.user());
        pool.setPassword(postgres.password());
        // Opening a pool takes longer than a store waits for a connection.
        closeLater(pool).getConnection().close();
        startNodes("memory", new MemoryStore());
        startNodes("Redis", RedisStore.builder().uri(redis.uri()).build());
        startNodes("PostgreSQL", JdbcStore.builder(pool).createTableIfMissing().build());
    }

    private static void startNodes(String name, SessionStore kept) {
        LeakDetector store = closeLater(new LeakDetector(kept));
        STORES.add(new Nodes(name, store, startNode(store), startNode(store)));
    }

    private static Application startNode(SessionStore store, String... more) {
        return closeLater(Application.start(
                Site.class,
                Application.over(store),
                Stream.concat(Stream.of(provider.properties("preferred_username")), Stream.of(more))
                        .toArray(String[]::new)));
    }

    private static <T extends AutoCloseable> T closeLater(T resource) {
        OPEN.add(0, resource);
        return resource;
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : OPEN) {
            each.close();
        }
    }

    static List<Nodes> stores() {
        return STORES;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Site {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .oauth2Login(Customizer.withDefaults())
                    .oidcLogout(logout -> logout.backChannel(Customizer.withDefaults()))
                    .build();
        }

        @Bean
        OAuth2UserService<OidcUserRequest, OidcUser> users(Environment environment) {
            OidcUserService users = new OidcUserService();
            String unlisted = environment.getProperty("test.unlisted", "");
            return request -> {
                OidcUser user = users.loadUser(request);
                return switch (unlisted) {
                    case "user" -> new UnlistedUser(user);
                    case "claim" -> withOddClaim(user);
                    default -> user;
                };
            };
        }

        private static OidcUser withOddClaim(OidcUser user) {
            Map<String, Object> claims = new LinkedHashMap<>(user.getIdToken().getClaims());
            claims.put("counter", new AtomicInteger(7));
            return new DefaultOidcUser(
                    user.getAuthorities(),
                    new org.springframework.security.oauth2.core.oidc.OidcIdToken(
                            user.getIdToken().getTokenValue(),
                            user.getIdToken().getIssuedAt(),
                            user.getIdToken().getExpiresAt(),
                            claims),
                    "preferred_username");
        }

        @Bean
        UserPage who() {
            return new UserPage();
        }
    }

    /** A user type that is not listed in {@code sojourn.attributes.types}. */
    static final class UnlistedUser extends DefaultOidcUser {
        private static final long serialVersionUID = 1L;

        UnlistedUser(OidcUser user) {
            super(user.getAuthorities(), user.getIdToken(), user.getUserInfo(), "preferred_username");
        }
    }

    @RestController
    static class UserPage {
        @GetMapping("/who")
        String who(@AuthenticationPrincipal OidcUser user) {
            Map<String, Object> claims = new java.util.TreeMap<>(user.getClaims());
            claims.keySet().removeAll(List.of("iat", "exp", "nonce", "at_hash"));
            StringBuilder all = new StringBuilder(user.getName());
            claims.forEach((name, value) -> all.append('\n')
                    .append(name)
                    .append('=')
                    .append(value)
                    .append(' ')
                    .append(
                            value instanceof Number || value instanceof java.net.URL
                                    ? value.getClass().getName()
                                    : ""));
            return all.append('\n').toString();
        }
    }

    private static Map<String, Object> alice(String session) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", "7f3c-alice");
        claims.put("sid", session);
        claims.put("preferred_username", "alice");
        claims.put("employee", 7_000_000_000L);
        claims.put("score", 1.5);
        claims.put("admin", false);
        claims.put("@class", "java.lang.Thread");
        claims.put("realm_access", Map.of("roles", List.of("staff", Map.of("id", 8_000_000_000L)), "@class", "x"));
        return claims;
    }

    /** Follows the redirects of a login: to the application, to the provider, back, and to the requested page. */
    private static Response signIn(Browser browser, Map<String, Object> claims) {
        provider.setUser(claims);
        Response redirected = browser.get("/who");
        assertThat(redirected.location()).isEqualTo("/oauth2/authorization/acme");
        URI back = OpenIdProvider.follow(browser.get(redirected.location()).header("Location"));
        return browser.get(back.getRawPath() + "?" + back.getRawQuery());
    }

    @ParameterizedTest
    @MethodSource("stores")
    void every_node_has_all_claims_after_a_login_at_a_provider(Nodes nodes) {
        Browser browser = nodes.first().browser();

        Response answer = signIn(browser, alice("s1"));

        assertThat(answer.location()).isEqualTo("/who?continue");
        String shownClaims = browser.get(answer.location()).text();
        assertThat(shownClaims.lines())
                .startsWith("alice")
                .contains(
                        "@class=java.lang.Thread ",
                        "admin=false ",
                        "employee=7000000000 java.lang.Long",
                        "iss=" + provider.issuer() + " java.net.URL",
                        "phone=4930123456789 java.lang.Long",
                        "score=1.5 java.lang.Double");
        assertThat(shownClaims).contains("geo={lat=52.5}", "street=Main", "id=8000000000", "roles=[staff");
        assertThat(browser.moveTo(nodes.second().port()).get("/who").text()).isEqualTo(shownClaims);
        assertThat(nodes.second().bean(Sessions.class).of("alice").list()).isNotEmpty();
        assertThat(nodes.store().findLeaks(Objects.requireNonNull(browser.cookie(Browser.COOKIE))))
                .isEmpty();
    }

    @Test
    void a_login_that_cannot_be_stored_causes_one_error_response_and_one_log_line_and_no_redirect_loop() {
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        for (String unlisted : List.of("user", "claim")) {
            Application strict = startNode(new MemoryStore(), "test.unlisted=" + unlisted);
            Logger log = (Logger) LoggerFactory.getLogger("dev.sojourn.spring");
            log.addAppender(appender);
            appender.list.clear();

            Response answer = signIn(strict.browser(), alice("s2"));

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text())
                    .contains("The server's log contains the remedy")
                    .doesNotContain("alice");
            assertThat(answer.header("Location")).isEmpty();
            assertThat(appender.list)
                    .singleElement()
                    .satisfies(line -> assertThat(line.getFormattedMessage())
                            .contains("'SPRING_SECURITY_CONTEXT'", "SecurityContextImpl", "sojourn.attributes.types")
                            .contains(
                                    unlisted.equals("user")
                                            ? UnlistedUser.class.getName()
                                            : AtomicInteger.class.getName())
                            .doesNotContain("alice"));
        }
    }

    // ---- back-channel logout

    private static Response logout(Application node, String token) {
        return node.browser().post("/logout/connect/back-channel/acme", Map.of("logout_token", token));
    }

    private static void assertSignedIn(Nodes nodes, Browser browser) {
        assertThat(browser.moveTo(nodes.first().port()).get("/who").status()).isEqualTo(200);
        assertThat(browser.moveTo(nodes.second().port()).get("/who").status()).isEqualTo(200);
    }

    private static void assertSignedOut(Nodes nodes, Browser browser) {
        for (Application node : List.of(nodes.first(), nodes.second())) {
            assertThat(browser.moveTo(node.port()).get("/who").location()).isEqualTo("/oauth2/authorization/acme");
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void a_logout_token_ends_the_sessions_that_it_names_on_every_node(Nodes nodes) {
        nodes.first().bean(Sessions.class).of("alice").endAll();
        Browser phone = nodes.first().browser();
        Browser laptop = nodes.second().browser();
        Browser desk = nodes.first().browser();
        signIn(phone, alice("phone"));
        signIn(laptop, alice("laptop"));
        signIn(desk, alice("desk"));

        assertThat(logout(nodes.second(), provider.logoutToken(Map.of("sid", "phone")))
                        .status())
                .isEqualTo(200);
        assertSignedOut(nodes, phone);
        assertSignedIn(nodes, laptop);
        assertSignedIn(nodes, desk);

        assertThat(logout(nodes.first(), provider.logoutToken(Map.of("sid", "laptop", "sub", "7f3c-alice")))
                        .status())
                .isEqualTo(200);
        assertSignedOut(nodes, laptop);
        assertSignedIn(nodes, desk);

        signIn(phone, alice("phone"));
        assertThat(logout(nodes.second(), provider.logoutToken(Map.of("sub", "7f3c-alice")))
                        .status())
                .isEqualTo(200);
        assertSignedOut(nodes, phone);
        assertSignedOut(nodes, desk);
        assertThat(nodes.first().bean(Sessions.class).of("alice").list()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("stores")
    void a_logout_token_for_another_user_or_from_another_provider_ends_no_session(Nodes nodes) throws Exception {
        Browser browser = nodes.first().browser();
        signIn(browser, alice("here"));

        logout(nodes.second(), provider.logoutToken(Map.of("sid", "another", "sub", "7f3c-alice")));
        logout(nodes.second(), provider.logoutToken(Map.of("sub", "7f3c-bob")));
        try (OpenIdProvider other = OpenIdProvider.start()) {
            assertThat(logout(nodes.second(), other.logoutToken(Map.of("sid", "here")))
                            .status())
                    .isEqualTo(400);
        }
        String token = provider.logoutToken(Map.of("sid", "here"));
        assertThat(logout(nodes.second(), token.substring(0, token.lastIndexOf('.')) + ".AAAA")
                        .status())
                .isEqualTo(400);

        assertSignedIn(nodes, browser);
    }

    @Test
    void an_in_memory_oidc_session_registry_is_rejected_at_startup() {
        assertThatThrownBy(() -> Application.start(
                        Site.class,
                        beans -> {
                            Application.over(new MemoryStore()).accept(beans);
                            beans.registerBean(InMemoryOidcSessionRegistry.class);
                        },
                        provider.properties("sub")))
                .isInstanceOf(UnusableConfigurationException.class)
                .hasMessageContaining("InMemoryOidcSessionRegistry")
                .hasMessageContaining("Remove it");
    }
}
