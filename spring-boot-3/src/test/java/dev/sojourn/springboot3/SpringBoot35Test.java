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

/** What docs/guide/spring-boot-3.5.md says, over HTTP. */
class SpringBoot35Test {
    private static final Application APPLICATION = Application.start();

    @BeforeEach
    void sign_everybody_out() {
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
    void signing_in_gives_a_new_id_and_views_are_counted_in_the_session() {
        Visitor alice = new Visitor(APPLICATION);
        alice.get("/login");
        String before = alice.token();

        HttpResponse<String> answer = alice.signIn("alice", "wonderland");

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(before).isNotEmpty();
        assertThat(alice.token()).isNotEmpty().isNotEqualTo(before);
        assertThat(alice.get("/").body()).isEqualTo("alice has been here 1 times\n");
        assertThat(alice.get("/").body()).isEqualTo("alice has been here 2 times\n");
    }

    @Test
    void sessions_are_listed_under_their_user_and_all_of_them_end_at_once() {
        Visitor desk = new Visitor(APPLICATION);
        Visitor phone = new Visitor(APPLICATION);
        desk.signIn("alice", "wonderland");
        phone.signIn("alice", "wonderland");
        assertThat(desk.get("/devices").body()).isEqualTo("2");
        assertThat(phone.get("/").statusCode()).isEqualTo(200);

        assertThat(desk.post("/sign-out-everywhere").statusCode()).isEqualTo(200);

        assertThat(redirect(desk.get("/"))).endsWith("/login");
        assertThat(redirect(phone.get("/"))).endsWith("/login");
    }

    @Test
    void signing_out_ends_the_session_and_takes_the_cookie_away() {
        Visitor alice = new Visitor(APPLICATION);
        alice.signIn("alice", "wonderland");

        assertThat(redirect(alice.post("/logout"))).endsWith("/login?logout");

        assertThat(alice.cookies()).isEmpty();
    }

    @Test
    void the_container_has_no_session_and_sets_no_cookie_of_its_own() {
        Visitor alice = wholeVisit();

        assertThat(alice.cookies()).containsExactly("__Host-id");
        assertThat(alice.heads()).doesNotContainIgnoringCase("jsessionid");
        assertThat(APPLICATION.sessionsOfTheContainer()).isZero();
    }

    @Test
    void no_token_and_no_password_reaches_the_store() {
        Visitor alice = wholeVisit();

        String everything = APPLICATION.store().everything();
        assertThat(everything).contains("alice", "views", "SecurityContextImpl", "ROLE_USER");
        assertThat(alice.tokens()).hasSizeGreaterThan(1);
        for (String token : alice.tokens()) {
            assertThat(everything).doesNotContain(token).doesNotContain(idIn(token));
        }
        assertThat(everything).doesNotContain("wonderland").doesNotContain("white rabbit");
    }

    @Test
    void a_failed_login_shows_the_login_page_with_its_message() {
        Visitor alice = new Visitor(APPLICATION);

        String page = redirect(alice.signIn("alice", "white rabbit"));

        assertThat(page).endsWith("/login?error");
        assertThat(alice.get("/login?error").body()).contains("Invalid credentials");
    }

    @Test
    void without_a_request_cache_a_login_leads_to_the_front_page() {
        Visitor alice = new Visitor(APPLICATION);
        alice.get("/devices");

        assertThat(redirect(alice.signIn("alice", "wonderland"))).endsWith(":" + APPLICATION.port() + "/");
    }

    @Test
    void the_cookie_request_cache_leads_back_to_the_page_and_stores_nothing() {
        try (Application application = Application.start(InACookie.class)) {
            Visitor alice = new Visitor(application);
            alice.get("/login");
            alice.get("/devices");

            assertThat(redirect(alice.signIn("alice", "wonderland"))).contains("/devices");
            assertThat(application.store().everything()).doesNotContain("devices");
        }
    }

    @Test
    void a_request_cache_in_the_session_is_refused_and_stores_no_token() {
        try (Application application = Application.start(InTheSession.class)) {
            Visitor alice = new Visitor(application);
            alice.get("/login");

            assertThat(alice.get("/devices").statusCode()).isEqualTo(500);

            assertThat(application.store().everything()).doesNotContain(idIn(alice.token()));
        }
    }

    /** A visit that goes through everything that Spring Security may keep in a session. */
    private Visitor wholeVisit() {
        Visitor visitor = new Visitor(APPLICATION);
        visitor.get("/login");
        visitor.get("/");
        visitor.signIn("alice", "white rabbit");
        visitor.signIn("alice", "wonderland");
        visitor.get("/");
        visitor.get("/no-such-page");
        return visitor;
    }

    private static String idIn(String token) {
        return token.substring(0, token.indexOf('.'));
    }

    private static String redirect(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(302);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    @Configuration
    static class InACookie {
        @Bean
        @Primary
        RequestCache inACookie() {
            return new CookieRequestCache();
        }
    }

    @Configuration
    static class InTheSession {
        @Bean
        @Primary
        RequestCache inTheSession() {
            return new HttpSessionRequestCache();
        }
    }
}
