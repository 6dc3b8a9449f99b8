package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.StoreUnavailablePolicy;
import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class A23StoreFailureTest {
    private static final List<Supplier<RuntimeException>> FAILURES = List.of(
            () -> StoreException.notDone("no connection", null),
            () -> StoreException.unknown("timed out", null),
            () -> new IllegalStateException("a driver that breaks the contract"));

    private static void is503(Reply reply) {
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isPresent();
        assertThat(reply.cookies()).as("no cookie is set or cleared").isEmpty();
        assertThat(reply.header("Cache-Control")).hasValue("no-store");
    }

    @Test
    void a_load_that_fails_is_a_503_and_never_an_empty_session() {
        for (Supplier<RuntimeException> failure : FAILURES) {
            try (Site site = new Site()) {
                String token = site.begin("x");
                site.store().refuse("load", failure);
                is503(site.as(token, "/read"));
                is503(site.as(token, "/set?y"));
                is503(site.as(token, "/login?alice"));
                is503(site.as(token, "/logout"));
                assertThat(site.store().calls()).containsOnly("load");
                assertThat(site.heard().names()).contains("storeAway");
                site.store().mend();
                assertThat(site.as(token, "/read").body()).isEqualTo("x");
            }
        }
    }

    @Test
    void a_request_that_does_not_ask_for_its_session_does_not_notice() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            site.store().refuse("load", FAILURES.get(0));
            assertThat(site.as(token, "/untouched").status()).isEqualTo(200);
        }
    }

    @Test
    void a_create_that_fails_is_a_503_and_no_cookie() {
        for (Supplier<RuntimeException> failure : FAILURES) {
            try (Site site = new Site()) {
                site.store().refuse("create", failure);
                is503(site.get("/set?x"));
                is503(site.get("/login?alice"));
            }
        }
    }

    @Test
    void a_save_that_fails_is_a_503_and_the_session_is_as_before() {
        for (Supplier<RuntimeException> failure : FAILURES) {
            try (Site site = new Site()) {
                String token = site.begin("x");
                site.store().refuse("compareAndSet", () -> {
                    site.store().refuse("load", failure);
                    return failure.get();
                });
                is503(site.as(token, "/set?y"));
                site.store().mend();
                assertThat(site.as(token, "/read").body()).isEqualTo("x");
            }
        }
    }

    @Test
    void a_login_that_could_not_be_stored_has_not_happened() {
        for (String call : List.of("create", "compareAndSet")) {
            try (Site site = new Site()) {
                String token = site.begin("x");
                site.store().refuse(call, FAILURES.get(0));
                is503(site.as(token, "/login?alice"));
                site.store().mend();
                assertThat(site.as(token, "/subject").body()).isEqualTo("null");
                assertThat(site.as(token, "/read").body()).isEqualTo("x");
                assertThat(site.heard().names()).doesNotContain("signedIn");
            }
        }
    }

    @Test
    void a_logout_that_could_not_be_stored_answers_503_and_keeps_the_cookie_so_that_it_can_be_repeated() {
        for (Supplier<RuntimeException> failure : FAILURES.subList(0, 1)) {
            try (Site site = new Site()) {
                String token = site.begin("x");
                site.store().refuse("delete", failure);
                is503(site.as(token, "/logout"));
                assertThat(site.heard().names()).doesNotContain("destroyed");
                site.store().mend();
                assertThat(site.as(token, "/read").body()).isEqualTo("x");
                assertThat(site.as(token, "/logout").cookies()).hasSize(1);
                assertThat(site.as(token, "/read").body()).isEqualTo("null");
            }
        }
    }

    @Test
    void a_store_that_loses_every_answer_is_asked_with_growing_pauses_and_the_request_says_that_nobody_knows() {
        try (Site site = new Site()) {
            for (String path : List.of("/logout", "/set?y")) {
                String token = site.begin("x");
                site.store().refuse("delete", FAILURES.get(1)).refuse("compareAndSet", FAILURES.get(1));
                site.store().forget();
                Reply reply = site.as(token, path);
                is503(reply);
                assertThat(reply.body()).as(path).startsWith("It is not known whether");
                assertThat(site.store().calls()).as(path).hasSizeBetween(3, 2_000);
                site.store().mend();
            }
        }
    }

    @Test
    void a_logout_whose_answer_was_lost_is_made_sure_of() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            site.store().loseAnswer("delete");
            Reply reply = site.as(token, "/logout");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.cookies()).hasSize(1);
            site.store().mend();
            assertThat(site.as(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_save_whose_answer_was_lost_counts_once() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            site.store().loseAnswer("compareAndSet");
            assertThat(site.as(token, "/count").body()).isEqualTo("1");
            assertThat(site.as(token, "/count").body()).isEqualTo("2");
            site.store().mend();
            assertThat(site.as(token, "/count").body()).isEqualTo("3");
        }
    }

    @Test
    void a_save_of_which_nothing_can_be_learnt_is_a_503_that_says_so() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            site.page("/hear", (session, exchange) -> {
                try {
                    session.update("n", Integer.class, n -> 1);
                    return "saved";
                } catch (SessionUnavailableException e) {
                    return e.reason().name();
                }
            });
            site.store().refuse("compareAndSet", () -> {
                site.store().refuse("load", FAILURES.get(1));
                return StoreException.unknown("timed out", null);
            });
            assertThat(site.as(token, "/hear").body()).isEqualTo(Reason.OUTCOME_UNKNOWN.name());
        }
    }

    @Test
    void a_new_session_whose_answer_was_lost_is_found_again_by_its_cookie() {
        try (Site site = new Site()) {
            site.store().loseAnswer("create");
            Reply reply = site.get("/set?x");
            assertThat(reply.status()).isEqualTo(200);
            site.store().mend();
            assertThat(site.as(reply.token(), "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_touch_that_fails_costs_nobody_anything() {
        for (Supplier<RuntimeException> failure : FAILURES) {
            try (Site site = new Site()) {
                String token = site.begin("x");
                site.clock().advance(Duration.ofMinutes(2));
                site.store().refuse("touch", failure);
                Reply reply = site.as(token, "/read");
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.body()).isEqualTo("x");
                assertThat(site.heard().names()).containsExactly("storeAway");
            }
        }
    }

    @Test
    void a_rolling_cookie_is_not_sent_beside_a_touch_that_failed() {
        try (Site site = new Site(c -> c.rolling())) {
            String token = site.begin("x");
            site.store().refuse("touch", FAILURES.get(0));
            Reply reply = site.as(token, "/read");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.cookies()).isEmpty();
        }
    }

    @Test
    void where_reading_as_anonymous_is_wanted_reads_go_on_and_changes_are_a_503() {
        try (Site site = new Site(c -> c.whenStoreUnavailable(StoreUnavailablePolicy.READ_AS_ANONYMOUS))) {
            String token = site.begin("x");
            site.store().refuse("load", FAILURES.get(0));
            Reply read = site.as(token, "/read");
            assertThat(read.status()).isEqualTo(200);
            assertThat(read.body()).isEqualTo("null");
            assertThat(read.cookies()).isEmpty();
            is503(site.as(token, "/set?y"));
            is503(site.as(token, "/count"));
            is503(site.as(token, "/login?alice"));
            is503(site.as(token, "/logout"));
            site.store().mend();
            assertThat(site.as(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_failed_save_replaces_the_answer_that_the_handler_had_chosen() {
        try (Site site = new Site()) {
            site.page("/redirect", (session, exchange) -> {
                session.set("a", "y");
                exchange.getResponseHeaders().set("Location", "/done");
                exchange.getResponseHeaders().set("ETag", "\"1\"");
                exchange.sendResponseHeaders(302, -1);
                exchange.close();
                return null;
            });
            String token = site.begin("x");
            site.store().refuse("compareAndSet", FAILURES.get(0));
            Reply reply = site.as(token, "/redirect");
            is503(reply);
            assertThat(reply.header("Location")).isEmpty();
            assertThat(reply.header("ETag")).isEmpty();
        }
    }
}
