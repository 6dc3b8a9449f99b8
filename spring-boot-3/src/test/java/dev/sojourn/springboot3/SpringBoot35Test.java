package dev.sojourn.springboot3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.tools.Quotation;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.security.web.savedrequest.CookieRequestCache;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.RequestCache;

/** Tests the statements of docs/guide/spring-boot-3.5.md over HTTP. */
class SpringBoot35Test {
    private static final Application APPLICATION = Application.start();

    @BeforeEach
    void signOut() {
        APPLICATION.endAll("alice");
    }

    @AfterAll
    static void stop() {
        APPLICATION.close();
    }

    @Test
    void the_page_quotes_the_program_that_runs_here() throws IOException {
        String program = Files.readString(Path.of("src/test/java/dev/sojourn/springboot3/page/Counter.java"));

        assertThat(Quotation.javaBlocks(Path.of("../docs/guide/spring-boot-3.5.md")))
                .containsExactly(program.substring(program.indexOf("import ")));
    }

    @Test
    void a_login_changes_the_id_and_the_session_counts_views() {
        FormClient alice = new FormClient(APPLICATION);
        alice.get("/login");
        String before = alice.token();

        HttpResponse<String> response = alice.signIn("alice", "wonderland");

        assertThat(response.statusCode()).isEqualTo(302);
        assertThat(before).isNotEmpty();
        assertThat(alice.token()).isNotEmpty().isNotEqualTo(before);
        assertThat(alice.get("/").body()).isEqualTo("alice has been here 1 times\n");
        assertThat(alice.get("/").body()).isEqualTo("alice has been here 2 times\n");
    }

    @Test
    void the_sessions_of_a_user_are_listed_and_ended() {
        FormClient desk = new FormClient(APPLICATION);
        FormClient phone = new FormClient(APPLICATION);
        desk.signIn("alice", "wonderland");
        phone.signIn("alice", "wonderland");
        assertThat(desk.get("/devices").body()).isEqualTo("2");
        assertThat(phone.get("/").statusCode()).isEqualTo(200);

        assertThat(desk.post("/sign-out-everywhere").statusCode()).isEqualTo(200);

        assertThat(redirect(desk.get("/"))).endsWith("/login");
        assertThat(redirect(phone.get("/"))).endsWith("/login");
    }

    @Test
    void a_logout_ends_the_session_and_clears_the_cookie() {
        FormClient alice = new FormClient(APPLICATION);
        alice.signIn("alice", "wonderland");

        assertThat(redirect(alice.post("/logout"))).endsWith("/login?logout");

        assertThat(alice.cookies()).isEmpty();
    }

    @Test
    void the_container_creates_no_session_and_sets_no_cookie() {
        FormClient alice = useEverything();

        assertThat(alice.cookies()).containsExactly("__Host-id");
        assertThat(alice.responseHeaders()).doesNotContainIgnoringCase("jsessionid");
        assertThat(APPLICATION.containerSessionCount()).isZero();
    }

    @Test
    void no_token_and_no_password_reaches_the_store() {
        FormClient alice = useEverything();

        String stored = APPLICATION.store().allText();
        assertThat(stored).contains("alice", "views", "SecurityContextImpl", "ROLE_USER");
        assertThat(alice.tokens()).hasSizeGreaterThan(1);
        for (String token : alice.tokens()) {
            assertThat(stored).doesNotContain(token).doesNotContain(idIn(token));
        }
        assertThat(stored).doesNotContain("wonderland").doesNotContain("white rabbit");
    }

    @Test
    void a_failed_login_shows_the_login_page_with_its_message() {
        FormClient alice = new FormClient(APPLICATION);

        String page = redirect(alice.signIn("alice", "white rabbit"));

        assertThat(page).endsWith("/login?error");
        assertThat(alice.get("/login?error").body()).contains("Invalid credentials");
    }

    @Test
    void without_a_request_cache_a_login_leads_to_the_root() {
        FormClient alice = new FormClient(APPLICATION);
        alice.get("/devices");

        assertThat(redirect(alice.signIn("alice", "wonderland"))).endsWith(":" + APPLICATION.port() + "/");
    }

    @Test
    void the_cookie_request_cache_leads_back_to_the_page_and_stores_nothing() {
        try (Application application = Application.start(CookieCacheConfiguration.class)) {
            FormClient alice = new FormClient(application);
            alice.get("/login");
            alice.get("/devices");

            assertThat(redirect(alice.signIn("alice", "wonderland"))).contains("/devices");
            assertThat(application.store().allText()).doesNotContain("devices");
        }
    }

    @Test
    void a_request_cache_in_the_session_is_refused_and_stores_no_token() {
        try (Application application = Application.start(SessionCacheConfiguration.class)) {
            FormClient alice = new FormClient(application);
            alice.get("/login");

            assertThat(alice.get("/devices").statusCode()).isEqualTo(500);

            assertThat(application.store().allText()).doesNotContain(idIn(alice.token()));
        }
    }

    /** Sends requests that make Spring Security store everything that it may keep in a session. */
    private FormClient useEverything() {
        FormClient client = new FormClient(APPLICATION);
        client.get("/login");
        client.get("/");
        client.signIn("alice", "white rabbit");
        client.signIn("alice", "wonderland");
        client.get("/");
        client.get("/no-such-page");
        return client;
    }

    private static String idIn(String token) {
        return token.substring(0, token.indexOf('.'));
    }

    private static String redirect(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(302);
        return response.headers().firstValue("Location").orElseThrow();
    }

    @Configuration
    static class CookieCacheConfiguration {
        @Bean
        @Primary
        RequestCache cookieRequestCache() {
            return new CookieRequestCache();
        }
    }

    @Configuration
    static class SessionCacheConfiguration {
        @Bean
        @Primary
        RequestCache sessionRequestCache() {
            return new HttpSessionRequestCache();
        }
    }
}
